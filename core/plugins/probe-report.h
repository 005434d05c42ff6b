/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * HeptadProbeReport:
 *
 * What the throw-away child found in a module: the contents of its descriptor. All strings are
 * copies that crossed a process boundary, so the host can check them before it loads the module.
 */
typedef struct {
  guint abi_major;
  guint abi_minor;
  char *id;
  char *version;
  char **operations; /* operation ids */
  char **jobs;       /* job kinds */
  char **events;     /* topics of durable handlers */
} HeptadProbeReport;

/* The sides agree on this text: the child prints it, the host parses it and keeps it in its cache.
 */
char *heptad_probe_report_print (const HeptadProbeReport *report);

/**
 * heptad_probe_report_parse:
 * @error: %HEPTAD_ERROR_PLUGIN_FAULT with the reason that the child reported;
 *   %HEPTAD_ERROR_MALFORMED when the text is neither a report nor a reason
 *
 * Returns: (transfer full): the report
 */
HeptadProbeReport *heptad_probe_report_parse (const char *text, gsize length, GError **error);
void heptad_probe_report_free (HeptadProbeReport *report);

/* Prints a refusal in place of a report. */
char *heptad_probe_report_print_refusal (const char *reason);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeptadProbeReport, heptad_probe_report_free)

G_END_DECLS
