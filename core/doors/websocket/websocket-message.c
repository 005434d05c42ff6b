/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/websocket/websocket-message.h"

#define MAX_ID_BYTES 64

HeptadBuilder *
websocket_message_begin (const char *type, const HeptadValue *id)
{
  HeptadBuilder *builder = heptad_builder_new_object ();

  heptad_builder_set_string (builder, "type", type);
  if (id != NULL)
    heptad_builder_set_value (builder, "id", id);
  return builder;
}

GBytes *
websocket_message_end (HeptadBuilder *builder)
{
  g_autoptr (HeptadBuilder) owned = builder;
  g_autoptr (HeptadValue) value = heptad_builder_end (owned);
  GString *text = g_string_sized_new (256);

  heptad_value_print_to (value, text);
  return g_string_free_to_bytes (text);
}

GBytes *
websocket_message_new (const char *type, const HeptadValue *id)
{
  return websocket_message_end (websocket_message_begin (type, id));
}

GBytes *
websocket_message_new_problem (const HeptadValue *id, const HeptadProblem *problem)
{
  HeptadBuilder *builder = websocket_message_begin ("error", id);
  g_autoptr (HeptadValue) value = heptad_problem_to_value (problem);

  heptad_builder_set_value (builder, "problem", value);
  return websocket_message_end (builder);
}

GBytes *
websocket_message_new_error (const HeptadValue *id, const GError *error)
{
  HeptadProblem problem = { .code = heptad_error_code_of (error), .detail = error->message };

  return websocket_message_new_problem (id, &problem);
}

gboolean
websocket_message_is_id (const HeptadValue *id)
{
  gsize length = 0;

  if (id == NULL || heptad_value_get_text (id, &length) == NULL || length > MAX_ID_BYTES)
    return FALSE;
  return heptad_value_get_value_type (id) == HEPTAD_VALUE_STRING ? length > 0
                                                                 : heptad_value_is_integer (id);
}
