/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "core/operations/json-schema-private.h"

/* The meta-schemas of JSON Schema 2020-12 (https://json-schema.org/draft/2020-12/schema,
 * BSD-3-Clause or AFL-3.0), without titles and comments. */
static const struct {
  const char *uri;
  const char *text;
} meta_schemas[] = {
  /* clang-format off */
  { "https://json-schema.org/draft/2020-12/schema",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/schema\",\"$vocabulary\":{\"https://json-schema.org/draft/202"
    "0-12/vocab/core\":true,\"https://json-schema.org/draft/2020-12/vocab/applicator\":t"
    "rue,\"https://json-schema.org/draft/2020-12/vocab/unevaluated\":true,\"https://json"
    "-schema.org/draft/2020-12/vocab/validation\":true,\"https://json-schema.org/draft/"
    "2020-12/vocab/meta-data\":true,\"https://json-schema.org/draft/2020-12/vocab/forma"
    "t-annotation\":true,\"https://json-schema.org/draft/2020-12/vocab/content\":true},\""
    "$dynamicAnchor\":\"meta\",\"allOf\":[{\"$ref\":\"meta/core\"},{\"$ref\":\"meta/applicator\"},"
    "{\"$ref\":\"meta/unevaluated\"},{\"$ref\":\"meta/validation\"},{\"$ref\":\"meta/meta-data\"}"
    ",{\"$ref\":\"meta/format-annotation\"},{\"$ref\":\"meta/content\"}],\"type\":[\"object\",\"bo"
    "olean\"],\"properties\":{\"definitions\":{\"type\":\"object\",\"additionalProperties\":{\"$d"
    "ynamicRef\":\"#meta\"},\"deprecated\":true,\"default\":{}},\"dependencies\":{\"type\":\"obje"
    "ct\",\"additionalProperties\":{\"anyOf\":[{\"$dynamicRef\":\"#meta\"},{\"$ref\":\"meta/valid"
    "ation#/$defs/stringArray\"}]},\"deprecated\":true,\"default\":{}},\"$recursiveAnchor\":"
    "{\"$ref\":\"meta/core#/$defs/anchorString\",\"deprecated\":true},\"$recursiveRef\":{\"$re"
    "f\":\"meta/core#/$defs/uriReferenceString\",\"deprecated\":true}}}" },
  { "https://json-schema.org/draft/2020-12/meta/applicator",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/applicator\",\"$vocabulary\":{\"https://json-schema.org/"
    "draft/2020-12/vocab/applicator\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\""
    "boolean\"],\"properties\":{\"prefixItems\":{\"$ref\":\"#/$defs/schemaArray\"},\"items\":{\"$"
    "dynamicRef\":\"#meta\"},\"contains\":{\"$dynamicRef\":\"#meta\"},\"additionalProperties\":{"
    "\"$dynamicRef\":\"#meta\"},\"properties\":{\"type\":\"object\",\"additionalProperties\":{\"$d"
    "ynamicRef\":\"#meta\"},\"default\":{}},\"patternProperties\":{\"type\":\"object\",\"addition"
    "alProperties\":{\"$dynamicRef\":\"#meta\"},\"propertyNames\":{\"format\":\"regex\"},\"defaul"
    "t\":{}},\"dependentSchemas\":{\"type\":\"object\",\"additionalProperties\":{\"$dynamicRef\""
    ":\"#meta\"},\"default\":{}},\"propertyNames\":{\"$dynamicRef\":\"#meta\"},\"if\":{\"$dynamicR"
    "ef\":\"#meta\"},\"then\":{\"$dynamicRef\":\"#meta\"},\"else\":{\"$dynamicRef\":\"#meta\"},\"allO"
    "f\":{\"$ref\":\"#/$defs/schemaArray\"},\"anyOf\":{\"$ref\":\"#/$defs/schemaArray\"},\"oneOf\""
    ":{\"$ref\":\"#/$defs/schemaArray\"},\"not\":{\"$dynamicRef\":\"#meta\"}},\"$defs\":{\"schemaA"
    "rray\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"$dynamicRef\":\"#meta\"}}}}" },
  { "https://json-schema.org/draft/2020-12/meta/content",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/content\",\"$vocabulary\":{\"https://json-schema.org/dra"
    "ft/2020-12/vocab/content\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\"boolea"
    "n\"],\"properties\":{\"contentEncoding\":{\"type\":\"string\"},\"contentMediaType\":{\"type\""
    ":\"string\"},\"contentSchema\":{\"$dynamicRef\":\"#meta\"}}}" },
  { "https://json-schema.org/draft/2020-12/meta/core",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/core\",\"$vocabulary\":{\"https://json-schema.org/draft/"
    "2020-12/vocab/core\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\"boolean\"],\"p"
    "roperties\":{\"$id\":{\"$ref\":\"#/$defs/uriReferenceString\",\"pattern\":\"^[^#]*#?$\"},\"$"
    "schema\":{\"$ref\":\"#/$defs/uriString\"},\"$ref\":{\"$ref\":\"#/$defs/uriReferenceString\""
    "},\"$anchor\":{\"$ref\":\"#/$defs/anchorString\"},\"$dynamicRef\":{\"$ref\":\"#/$defs/uriRe"
    "ferenceString\"},\"$dynamicAnchor\":{\"$ref\":\"#/$defs/anchorString\"},\"$vocabulary\":{"
    "\"type\":\"object\",\"propertyNames\":{\"$ref\":\"#/$defs/uriString\"},\"additionalProperti"
    "es\":{\"type\":\"boolean\"}},\"$comment\":{\"type\":\"string\"},\"$defs\":{\"type\":\"object\",\"a"
    "dditionalProperties\":{\"$dynamicRef\":\"#meta\"}}},\"$defs\":{\"anchorString\":{\"type\":\""
    "string\",\"pattern\":\"^[A-Za-z_][-A-Za-z0-9._]*$\"},\"uriString\":{\"type\":\"string\",\"fo"
    "rmat\":\"uri\"},\"uriReferenceString\":{\"type\":\"string\",\"format\":\"uri-reference\"}}}" },
  { "https://json-schema.org/draft/2020-12/meta/format-annotation",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/format-annotation\",\"$vocabulary\":{\"https://json-sche"
    "ma.org/draft/2020-12/vocab/format-annotation\":true},\"$dynamicAnchor\":\"meta\",\"typ"
    "e\":[\"object\",\"boolean\"],\"properties\":{\"format\":{\"type\":\"string\"}}}" },
  { "https://json-schema.org/draft/2020-12/meta/format-assertion",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/format-assertion\",\"$vocabulary\":{\"https://json-schem"
    "a.org/draft/2020-12/vocab/format-assertion\":true},\"$dynamicAnchor\":\"meta\",\"type\""
    ":[\"object\",\"boolean\"],\"properties\":{\"format\":{\"type\":\"string\"}}}" },
  { "https://json-schema.org/draft/2020-12/meta/meta-data",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/meta-data\",\"$vocabulary\":{\"https://json-schema.org/d"
    "raft/2020-12/vocab/meta-data\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\"bo"
    "olean\"],\"properties\":{\"title\":{\"type\":\"string\"},\"description\":{\"type\":\"string\"},"
    "\"default\":true,\"deprecated\":{\"type\":\"boolean\",\"default\":false},\"readOnly\":{\"type"
    "\":\"boolean\",\"default\":false},\"writeOnly\":{\"type\":\"boolean\",\"default\":false},\"exa"
    "mples\":{\"type\":\"array\",\"items\":true}}}" },
  { "https://json-schema.org/draft/2020-12/meta/unevaluated",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/unevaluated\",\"$vocabulary\":{\"https://json-schema.org"
    "/draft/2020-12/vocab/unevaluated\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\""
    ",\"boolean\"],\"properties\":{\"unevaluatedItems\":{\"$dynamicRef\":\"#meta\"},\"unevaluate"
    "dProperties\":{\"$dynamicRef\":\"#meta\"}}}" },
  { "https://json-schema.org/draft/2020-12/meta/validation",
    "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":\"https://json-sc"
    "hema.org/draft/2020-12/meta/validation\",\"$vocabulary\":{\"https://json-schema.org/"
    "draft/2020-12/vocab/validation\":true},\"$dynamicAnchor\":\"meta\",\"type\":[\"object\",\""
    "boolean\"],\"properties\":{\"type\":{\"anyOf\":[{\"$ref\":\"#/$defs/simpleTypes\"},{\"type\":"
    "\"array\",\"items\":{\"$ref\":\"#/$defs/simpleTypes\"},\"minItems\":1,\"uniqueItems\":true}]"
    "},\"const\":true,\"enum\":{\"type\":\"array\",\"items\":true},\"multipleOf\":{\"type\":\"number"
    "\",\"exclusiveMinimum\":0},\"maximum\":{\"type\":\"number\"},\"exclusiveMaximum\":{\"type\":\""
    "number\"},\"minimum\":{\"type\":\"number\"},\"exclusiveMinimum\":{\"type\":\"number\"},\"maxLe"
    "ngth\":{\"$ref\":\"#/$defs/nonNegativeInteger\"},\"minLength\":{\"$ref\":\"#/$defs/nonNega"
    "tiveIntegerDefault0\"},\"pattern\":{\"type\":\"string\",\"format\":\"regex\"},\"maxItems\":{\""
    "$ref\":\"#/$defs/nonNegativeInteger\"},\"minItems\":{\"$ref\":\"#/$defs/nonNegativeInteg"
    "erDefault0\"},\"uniqueItems\":{\"type\":\"boolean\",\"default\":false},\"maxContains\":{\"$r"
    "ef\":\"#/$defs/nonNegativeInteger\"},\"minContains\":{\"$ref\":\"#/$defs/nonNegativeInte"
    "ger\",\"default\":1},\"maxProperties\":{\"$ref\":\"#/$defs/nonNegativeInteger\"},\"minProp"
    "erties\":{\"$ref\":\"#/$defs/nonNegativeIntegerDefault0\"},\"required\":{\"$ref\":\"#/$def"
    "s/stringArray\"},\"dependentRequired\":{\"type\":\"object\",\"additionalProperties\":{\"$r"
    "ef\":\"#/$defs/stringArray\"}}},\"$defs\":{\"nonNegativeInteger\":{\"type\":\"integer\",\"mi"
    "nimum\":0},\"nonNegativeIntegerDefault0\":{\"$ref\":\"#/$defs/nonNegativeInteger\",\"def"
    "ault\":0},\"simpleTypes\":{\"enum\":[\"array\",\"boolean\",\"integer\",\"null\",\"number\",\"obj"
    "ect\",\"string\"]},\"stringArray\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"uniqueI"
    "tems\":true,\"default\":[]}}}" },
  /* clang-format on */
};

HeptadValue *
heptad_schema_find_meta_schema (const char *uri)
{
  for (gsize i = 0; i < G_N_ELEMENTS (meta_schemas); i++)
    if (strcmp (uri, meta_schemas[i].uri) == 0)
      return heptad_value_parse (meta_schemas[i].text, -1, NULL);
  return NULL;
}
