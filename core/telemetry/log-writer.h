/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadLogFormat:
 * @HEPTAD_LOG_AUTO: the journal where standard error leads there, else text
 * @HEPTAD_LOG_TEXT: a line for people
 * @HEPTAD_LOG_JOURNAL: fields for systemd's journal
 * @HEPTAD_LOG_JSON: one JSON object a line
 */
typedef enum {
  HEPTAD_LOG_AUTO,
  HEPTAD_LOG_TEXT,
  HEPTAD_LOG_JOURNAL,
  HEPTAD_LOG_JSON,
} HeptadLogFormat;

/**
 * heptad_log_writer_install:
 *
 * Makes all of GLib's structured logging go to standard error in that format. Once, before other
 * threads run.
 */
void heptad_log_writer_install (HeptadLogFormat format, GLogLevelFlags least);

/* Changes the least level that is written. Any thread. */
void heptad_log_writer_set_level (GLogLevelFlags least);

/* From the names of the settings `log-format` and `log-level`. */
HeptadLogFormat heptad_log_format_parse (const char *name);
GLogLevelFlags heptad_log_level_parse (const char *name);

/**
 * heptad_log_writer_print:
 * @at_us: wall-clock microseconds UTC
 *
 * Appends one record in @format, with a newline. Any thread.
 */
void heptad_log_writer_print (HeptadLogFormat format,
                              GLogLevelFlags level,
                              const GLogField *fields,
                              gsize n_fields,
                              gint64 at_us,
                              GString *into);

G_END_DECLS
