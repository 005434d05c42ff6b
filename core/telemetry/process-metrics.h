/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends the process's CPU time, memory, threads, open files and start time, under the names that
 * Prometheus's own clients use. Any thread. */
void heptad_process_metrics_print (GString *into);

G_END_DECLS
