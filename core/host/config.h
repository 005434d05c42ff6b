/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadConfig:
 *
 * The host's settings. Each has a flag, an environment variable and a key in the configuration
 * file, all of one name (`data-dir`: `--data-dir`, `HEPTAD_DATA_DIR`, `data-dir:`), and is
 * described in the table of config-table.c and in data/heptad.yaml. A flag wins over a variable, a
 * variable over the file.
 */
typedef struct {
  char *config;
  char *data_dir;
  char **listen;
  char *bootstrap_key_file;
  char **plugin_path;
  char *tls_certificate;
  char *tls_key;
  char **cors_origin;
  char *log_level;
  char *log_format;
  gint64 connection_threads;
  gint64 worker_threads;
  gint64 job_threads;
  gint64 max_connections;
  gint64 max_connections_per_address;
  gint64 max_head_bytes;
  gint64 head_timeout;
  gint64 idle_timeout;
  gint64 max_queued_calls;
  gint64 rate_limit;
  gint64 rate_burst;
  gint64 drain_timeout;
  gint64 plugin_start_timeout;
  gint64 plugin_stop_timeout;
  gint64 session_hours;
  gint64 password_memory;
  gint64 password_passes;
  gboolean validate_answers;
  gboolean demo;
} HeptadConfig;

typedef enum {
  HEPTAD_SETTING_TEXT,
  HEPTAD_SETTING_PATH,
  HEPTAD_SETTING_LIST,
  HEPTAD_SETTING_INTEGER,
  HEPTAD_SETTING_BOOLEAN,
} HeptadSettingType;

/**
 * HeptadSettingInfo:
 * @name: as a flag without its dashes, and as a key
 * @offset: of its member in #HeptadConfig
 * @argument: what the flag's value is called in the help
 * @fallback: (nullable): the default, as a person would write it
 * @minimum: of an integer
 * @maximum: of an integer
 * @choices: (nullable): the only values, with spaces between
 * @only_flag: whether it cannot stand in the file
 * @help: one sentence
 *
 * One setting.
 */
typedef struct {
  const char *name;
  HeptadSettingType type;
  gsize offset;
  const char *argument;
  const char *fallback;
  gint64 minimum;
  gint64 maximum;
  const char *choices;
  gboolean only_flag;
  const char *help;
} HeptadSettingInfo;

/* (transfer none): all settings, in the order of the help and the file */
const HeptadSettingInfo *heptad_config_get_table (guint *n_settings);

/* (nullable): one of them */
const HeptadSettingInfo *heptad_config_find_setting (const char *name);

/* Returns: (transfer full): a sentence's end such as "; did you mean 'listen'?", or an empty string
 */
char *heptad_config_suggest (const char *name);

/**
 * heptad_config_load:
 * @arguments: (array zero-terminated=1): the command line without the program's name
 * @environment: (array zero-terminated=1): as from g_get_environ()
 * @error: %HEPTAD_ERROR_INVALID_INPUT: which setting, where it stands (flag, variable, file and
 * line), what was expected
 *
 * Reads settings from everywhere.
 *
 * Returns: (transfer full): the settings, checked
 */
HeptadConfig *
heptad_config_load (const char *const *arguments, const char *const *environment, GError **error);
void heptad_config_free (HeptadConfig *config);

/**
 * heptad_config_set:
 * @where: for messages: the flag, the variable, or file and line
 * @text: (array zero-terminated=1): the value; more than one only for a list
 *
 * Sets one setting from text, and checks it.
 */
gboolean heptad_config_set (HeptadConfig *config,
                            const HeptadSettingInfo *setting,
                            const char *where,
                            const char *const *text,
                            GError **error);

/* Returns: (transfer full): what `heptadd --help` prints */
char *heptad_config_print_help (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadConfig, heptad_config_free)

G_END_DECLS
