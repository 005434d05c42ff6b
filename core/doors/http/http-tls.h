/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The server's certificate, which may be replaced while connections are made. Any thread. */
typedef struct _HeptadHttpTls HeptadHttpTls;

/**
 * heptad_http_tls_new:
 * @key_file: (nullable): %NULL when the key is in @certificate_file
 * @error: names the file that cannot be used
 */
HeptadHttpTls *
heptad_http_tls_new (const char *certificate_file, const char *key_file, GError **error);
void heptad_http_tls_free (HeptadHttpTls *tls);

/**
 * heptad_http_tls_reload:
 *
 * Reads the files again. When they cannot be read the old certificate stays.
 */
gboolean heptad_http_tls_reload (HeptadHttpTls *tls, GError **error);

/**
 * heptad_http_tls_accept:
 *
 * Returns: (transfer full): the TLS side of @base, before its handshake
 */
GTlsConnection *heptad_http_tls_accept (HeptadHttpTls *tls, GIOStream *base, GError **error);

/**
 * heptad_http_tls_is_good:
 *
 * Returns: whether what was agreed on is TLS 1.3, and HTTP/1.1 if a protocol was named
 */
gboolean heptad_http_tls_is_good (GTlsConnection *connection);

G_END_DECLS
