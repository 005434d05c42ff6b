/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One listening socket, accepted from by every worker. Immutable once made. */
typedef struct {
  int fd;
  gboolean is_unix;
  char *address;     /* as a URL, for people */
  char *unlink_path; /* (nullable): a Unix socket we made and remove */
} HeptadHttpListener;

/**
 * heptad_http_listener_new:
 * @where: `HOST:PORT`, `*:PORT` or `unix:PATH`
 * @secure: whether TCP speaks TLS; for the address shown
 * @error: names @where and what is wrong with it
 */
HeptadHttpListener *heptad_http_listener_new (const char *where, gboolean secure, GError **error);

/**
 * heptad_http_listener_new_inherited:
 * @fd: a listening socket; owned by the listener from now on
 */
HeptadHttpListener *heptad_http_listener_new_inherited (int fd, gboolean secure, GError **error);
void heptad_http_listener_free (HeptadHttpListener *listener);

/**
 * heptad_http_listener_accept:
 *
 * Takes one waiting connection without blocking. Any thread.
 *
 * Returns: its descriptor, or -1 with errno set
 */
int heptad_http_listener_accept (const HeptadHttpListener *listener);

/* How many connections there are, over all and from each address. Any thread. */
typedef struct _HeptadHttpAdmission HeptadHttpAdmission;

HeptadHttpAdmission *heptad_http_admission_new (guint max, guint max_per_address);
void heptad_http_admission_free (HeptadHttpAdmission *admission);

/**
 * heptad_http_admission_enter:
 * @address: (nullable): not counted by address when %NULL
 *
 * Returns: whether one more connection may be opened; then leave it when it closes
 */
gboolean heptad_http_admission_enter (HeptadHttpAdmission *admission, const char *address);
void heptad_http_admission_leave (HeptadHttpAdmission *admission, const char *address);

G_END_DECLS
