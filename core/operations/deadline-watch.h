/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "core/operations/dispatcher.h"

/**
 * HeptadDeadlineWatch:
 *
 * One thread that looks at the calls which wait or run on the pool, every 50 ms while there are
 * any, and tells of those whose deadline has passed. A look costs nothing on the calls' own path
 * but a list link.
 */
typedef struct _HeptadDeadlineWatch HeptadDeadlineWatch;

/**
 * heptad_deadline_watch_new:
 * @passed: called once for a request whose deadline has passed, on the watch's thread, with the
 * call held
 */
HeptadDeadlineWatch *heptad_deadline_watch_new (void (*passed) (HeptadRequest *request));
void heptad_deadline_watch_free (HeptadDeadlineWatch *watch);
void heptad_deadline_watch_add (HeptadDeadlineWatch *watch, HeptadRequest *request);
void heptad_deadline_watch_remove (HeptadDeadlineWatch *watch, HeptadRequest *request);
