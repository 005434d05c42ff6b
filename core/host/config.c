/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/config.h"

#include <string.h>

#include "core/operations/yaml.h"
#include "sdk/heptad-error.h"

#define SYSTEM_FILE     "/etc/heptad/heptad.yaml"
#define VARIABLE_PREFIX "HEPTAD_"

#define MEMBER(config, setting, type) (*(type *) ((char *) (config) + (setting)->offset))

static gboolean refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (
      error, g_error_new_valist (HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT, format, arguments));
  va_end (arguments);
  return FALSE;
}

/* One setting from text. */

static gboolean
set_integer (HeptadConfig *self,
             const HeptadSettingInfo *setting,
             const char *where,
             const char *text,
             GError **error)
{
  gint64 number = 0;

  if (!g_ascii_string_to_signed (text, 10, setting->minimum, setting->maximum, &number, NULL))
    return refuse (error,
                   "%s: %s is a whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                   ", not '%s'",
                   where, setting->name, setting->minimum, setting->maximum, text);
  MEMBER (self, setting, gint64) = number;
  return TRUE;
}

static gboolean
set_boolean (HeptadConfig *self,
             const HeptadSettingInfo *setting,
             const char *where,
             const char *text,
             GError **error)
{
  gboolean on = g_str_equal (text, "true");

  if (!on && !g_str_equal (text, "false"))
    return refuse (error, "%s: %s is true or false, not '%s'", where, setting->name, text);
  MEMBER (self, setting, gboolean) = on;
  return TRUE;
}

static gboolean
set_text (HeptadConfig *self,
          const HeptadSettingInfo *setting,
          const char *where,
          const char *text,
          GError **error)
{
  g_auto (GStrv) choices = g_strsplit (setting->choices != NULL ? setting->choices : "", " ", -1);
  char **member = &MEMBER (self, setting, char *);

  if (setting->choices != NULL && !g_strv_contains ((const char *const *) choices, text))
    return refuse (error, "%s: %s is one of %s, not '%s'", where, setting->name, setting->choices,
                   text);
  if (*text == '\0')
    return refuse (error, "%s: %s is empty; give it a value or leave it out", where, setting->name);

  g_free (*member);
  if (setting->type == HEPTAD_SETTING_PATH)
    *member = g_canonicalize_filename (text, NULL);
  else
    *member = g_strdup (text);
  return TRUE;
}

static gboolean
set_list (HeptadConfig *self,
          const HeptadSettingInfo *setting,
          const char *where,
          const char *const *texts,
          GError **error)
{
  char ***member = &MEMBER (self, setting, char **);

  for (guint i = 0; texts[i] != NULL; i++)
    if (*texts[i] == '\0')
      return refuse (error, "%s: %s has an empty item; remove it", where, setting->name);
  g_strfreev (*member);
  *member = g_strdupv ((char **) texts);
  return TRUE;
}

gboolean
heptad_config_set (HeptadConfig *config,
                   const HeptadSettingInfo *setting,
                   const char *where,
                   const char *const *text,
                   GError **error)
{
  if (setting->type == HEPTAD_SETTING_LIST)
    return set_list (config, setting, where, text, error);
  if (text[0] == NULL || text[1] != NULL)
    return refuse (error, "%s: %s takes one value", where, setting->name);
  if (setting->type == HEPTAD_SETTING_INTEGER)
    return set_integer (config, setting, where, text[0], error);
  if (setting->type == HEPTAD_SETTING_BOOLEAN)
    return set_boolean (config, setting, where, text[0], error);
  return set_text (config, setting, where, text[0], error);
}

/* Where settings come from. */

static gboolean
set_fallbacks (HeptadConfig *self, GError **error)
{
  guint n_settings;
  const HeptadSettingInfo *table = heptad_config_get_table (&n_settings);

  for (guint i = 0; i < n_settings; i++)
    {
      const char *const values[] = { table[i].fallback, NULL };

      if ((table[i].fallback != NULL || table[i].type == HEPTAD_SETTING_LIST)
          && !heptad_config_set (self, &table[i], "default", values, error))
        return FALSE;
    }
  return TRUE;
}

/* The texts of a YAML scalar or sequence of scalars; %NULL when it is neither. */
static char **
read_texts (const HeptadValue *value)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();
  gboolean is_array = heptad_value_get_value_type (value) == HEPTAD_VALUE_ARRAY;
  guint n_values = is_array ? heptad_value_get_size (value) : 1;

  for (guint i = 0; i < n_values; i++)
    {
      const HeptadValue *item = is_array ? heptad_value_get_item (value, i) : value;
      HeptadValueType type = heptad_value_get_value_type (item);

      if (type == HEPTAD_VALUE_BOOLEAN)
        g_strv_builder_add (texts, heptad_value_get_boolean (item) ? "true" : "false");
      else if (type == HEPTAD_VALUE_STRING || type == HEPTAD_VALUE_NUMBER)
        g_strv_builder_add (texts, heptad_value_get_text (item, NULL));
      else
        return NULL;
    }
  return g_strv_builder_end (texts);
}

static gboolean
set_from_file_member (HeptadConfig *self,
                      const char *where,
                      const char *name,
                      const HeptadValue *value,
                      GError **error)
{
  const HeptadSettingInfo *setting = heptad_config_find_setting (name);
  g_autofree char *suggestion = heptad_config_suggest (name);
  g_auto (GStrv) texts = read_texts (value);

  if (setting != NULL && setting->only_flag)
    return refuse (error, "%s: %s cannot be set in the file; use --%s", where, name, name);
  if (setting == NULL)
    return refuse (error, "%s: there is no setting '%s'%s", where, name, suggestion);
  if (texts == NULL)
    return refuse (error, "%s: %s takes %s", where, name,
                   setting->type == HEPTAD_SETTING_LIST ? "a list of texts" : "one value");
  return heptad_config_set (self, setting, where, (const char *const *) texts, error);
}

static gboolean
set_from_file (HeptadConfig *self, const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (HeptadValue) document = NULL;
  g_autoptr (HeptadYamlLines) lines = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, error))
    return FALSE;
  document = heptad_yaml_parse_with_lines (text, (gssize) length, path, &lines, error);
  if (document == NULL)
    return FALSE;
  if (heptad_value_get_value_type (document) == HEPTAD_VALUE_NULL)
    return TRUE;
  if (heptad_value_get_value_type (document) != HEPTAD_VALUE_OBJECT)
    return refuse (error, "%s:1: the file is lines of SETTING: VALUE", path);

  for (guint i = 0; i < heptad_value_get_size (document); i++)
    {
      const char *name = NULL;
      const HeptadValue *value = heptad_value_get_member_at (document, i, &name);
      g_autofree char *pointer = g_strconcat ("/", name, NULL);
      g_autofree char *where =
          g_strdup_printf ("%s:%u", path, heptad_yaml_lines_find (lines, pointer));

      if (!set_from_file_member (self, where, name, value, error))
        return FALSE;
    }
  return TRUE;
}

static char *
name_variable (const char *setting_name)
{
  g_autofree char *upper = g_ascii_strup (setting_name, -1);

  return g_strconcat (VARIABLE_PREFIX, g_strdelimit (upper, "-", '_'), NULL);
}

/* HEPTAD_DATA_DIR -> data-dir */
static char *
name_setting (const char *variable)
{
  return g_strdelimit (g_ascii_strdown (variable + strlen (VARIABLE_PREFIX), -1), "_", '-');
}

static gboolean
set_from_variable (HeptadConfig *self, const char *assignment, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (assignment, "=", 2);
  g_autofree char *name = NULL;
  g_autofree char *suggestion = NULL;
  g_auto (GStrv) items = NULL;
  const char *const one[] = { parts[1], NULL };
  const HeptadSettingInfo *setting;

  if (!g_str_has_prefix (assignment, VARIABLE_PREFIX) || parts[1] == NULL)
    return TRUE;
  name = name_setting (parts[0]);
  setting = heptad_config_find_setting (name);
  if (setting == NULL)
    {
      /* Other programs have variables of this prefix too; only a near miss is taken for a mistake.
       */
      suggestion = heptad_config_suggest (name);
      return *suggestion == '\0'
             || refuse (error, "the variable %s: there is no setting '%s'%s", parts[0], name,
                        suggestion);
    }
  if (setting->type != HEPTAD_SETTING_LIST)
    return heptad_config_set (self, setting, parts[0], one, error);
  items = g_strsplit (parts[1], ",", -1);
  return heptad_config_set (self, setting, parts[0], (const char *const *) items, error);
}

static gboolean
set_from_environment (HeptadConfig *self, const char *const *environment, GError **error)
{
  for (guint i = 0; environment[i] != NULL; i++)
    if (!set_from_variable (self, environment[i], error))
      return FALSE;
  return TRUE;
}

/* The setting, and its value, that stand at @at of the command line; moves on past them. */
static const HeptadSettingInfo *
read_flag (const char *const **at, char **value, GError **error)
{
  const char *argument = *(*at)++;
  const char *equals = strchr (argument, '=');
  g_autofree char *name = NULL;
  g_autofree char *suggestion = NULL;
  const HeptadSettingInfo *setting;

  if (!g_str_has_prefix (argument, "--"))
    {
      refuse (error, "'%s' is no flag; heptadd takes --SETTING VALUE, see heptadd --help",
              argument);
      return NULL;
    }
  name = equals != NULL ? g_strndup (argument + 2, (gsize) (equals - argument - 2))
                        : g_strdup (argument + 2);
  setting = heptad_config_find_setting (name);
  if (setting == NULL)
    {
      suggestion = heptad_config_suggest (name);
      refuse (error, "--%s: there is no such setting%s", name, suggestion);
      return NULL;
    }
  if (equals != NULL)
    *value = g_strdup (equals + 1);
  else if (setting->type == HEPTAD_SETTING_BOOLEAN
           && (**at == NULL || g_str_has_prefix (**at, "--")))
    *value = g_strdup ("true");
  else if (**at != NULL)
    *value = g_strdup (*(*at)++);
  else
    {
      refuse (error, "--%s: its value is missing; write --%s %s", name, name, setting->argument);
      return NULL;
    }
  return setting;
}

/* A list's flag may come more than once: its values are gathered, and replace what the file says.
 */
static gboolean
set_from_arguments (HeptadConfig *self, const char *const *arguments, GError **error)
{
  g_autoptr (GHashTable) gathered =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  const char *const *at = arguments;

  while (*at != NULL)
    {
      g_autofree char *value = NULL;
      const HeptadSettingInfo *setting = read_flag (&at, &value, error);
      g_autofree char *where = NULL;
      GPtrArray *values;

      if (setting == NULL)
        return FALSE;
      where = g_strconcat ("--", setting->name, NULL);
      values = g_hash_table_lookup (gathered, setting);
      if (values == NULL || setting->type != HEPTAD_SETTING_LIST)
        {
          values = g_ptr_array_new_null_terminated (2, g_free, TRUE);
          g_hash_table_replace (gathered, (gpointer) setting, values);
        }
      g_ptr_array_add (values, g_steal_pointer (&value));
      if (!heptad_config_set (self, setting, where, (const char *const *) values->pdata, error))
        return FALSE;
    }
  return TRUE;
}

/* The file is read first and so must be known first. */
static char *
find_file (const char *const *arguments, const char *const *environment)
{
  g_autofree char *variable = name_variable ("config");
  const char *from_environment = g_environ_getenv ((char **) environment, variable);
  const char *path = from_environment;

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      if (g_str_has_prefix (arguments[i], "--config="))
        path = arguments[i] + strlen ("--config=");
      else if (g_str_equal (arguments[i], "--config") && arguments[i + 1] != NULL)
        path = arguments[i + 1];
    }
  if (path == NULL && g_file_test (SYSTEM_FILE, G_FILE_TEST_EXISTS))
    path = SYSTEM_FILE;
  return g_strdup (path);
}

static void
choose_data_dir (HeptadConfig *self, const char *const *environment)
{
  const char *of_systemd = g_environ_getenv ((char **) environment, "STATE_DIRECTORY");

  if (self->data_dir == NULL)
    self->data_dir = of_systemd != NULL ? g_strdup (of_systemd)
                                        : g_build_filename (g_get_user_data_dir (), "heptad", NULL);
}

static gboolean
check_together (HeptadConfig *self, GError **error)
{
  if (self->listen == NULL || self->listen[0] == NULL)
    return refuse (error, "listen: there is no address to serve at; write ADDRESS:PORT");
  if (self->tls_key != NULL && self->tls_certificate == NULL)
    return refuse (error, "tls-key: there is a key without a certificate; set tls-certificate too");
  return TRUE;
}

HeptadConfig *
heptad_config_load (const char *const *arguments, const char *const *environment, GError **error)
{
  g_autoptr (HeptadConfig) self = g_new0 (HeptadConfig, 1);
  g_autofree char *file = find_file (arguments, environment);

  if (!set_fallbacks (self, error) || (file != NULL && !set_from_file (self, file, error))
      || !set_from_environment (self, environment, error)
      || !set_from_arguments (self, arguments, error))
    return NULL;
  choose_data_dir (self, environment);
  return check_together (self, error) ? g_steal_pointer (&self) : NULL;
}

void
heptad_config_free (HeptadConfig *config)
{
  guint n_settings;
  const HeptadSettingInfo *table = heptad_config_get_table (&n_settings);

  for (guint i = 0; i < n_settings; i++)
    {
      if (table[i].type == HEPTAD_SETTING_LIST)
        g_strfreev (MEMBER (config, &table[i], char **));
      else if (table[i].type == HEPTAD_SETTING_TEXT || table[i].type == HEPTAD_SETTING_PATH)
        g_free (MEMBER (config, &table[i], char *));
    }
  g_free (config);
}
