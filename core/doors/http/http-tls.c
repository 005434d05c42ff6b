/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-tls.h"

#include <string.h>

struct _HeptadHttpTls {
  char *certificate_file;
  char *key_file;
  GMutex lock; /* of the certificate */
  GTlsCertificate *certificate;
};

gboolean
heptad_http_tls_reload (HeptadHttpTls *tls, GError **error)
{
  g_autoptr (GTlsCertificate) certificate =
      tls->key_file == NULL
          ? g_tls_certificate_new_from_file (tls->certificate_file, error)
          : g_tls_certificate_new_from_files (tls->certificate_file, tls->key_file, error);
  g_autofree char *key = NULL;

  if (certificate == NULL)
    {
      g_prefix_error (error, "The certificate in %s cannot be used: ", tls->certificate_file);
      return FALSE;
    }
  g_object_get (certificate, "private-key-pem", &key, NULL);
  if (key == NULL)
    {
      g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
                   "%s holds no private key: name the file that does as the key file.",
                   tls->certificate_file);
      return FALSE;
    }
  g_mutex_lock (&tls->lock);
  g_set_object (&tls->certificate, certificate);
  g_mutex_unlock (&tls->lock);
  return TRUE;
}

HeptadHttpTls *
heptad_http_tls_new (const char *certificate_file, const char *key_file, GError **error)
{
  HeptadHttpTls *tls = g_new0 (HeptadHttpTls, 1);

  tls->certificate_file = g_strdup (certificate_file);
  tls->key_file = g_strdup (key_file);
  g_mutex_init (&tls->lock);
  if (!heptad_http_tls_reload (tls, error))
    g_clear_pointer (&tls, heptad_http_tls_free);
  return tls;
}

void
heptad_http_tls_free (HeptadHttpTls *tls)
{
  g_clear_object (&tls->certificate);
  g_mutex_clear (&tls->lock);
  g_free (tls->certificate_file);
  g_free (tls->key_file);
  g_free (tls);
}

GTlsConnection *
heptad_http_tls_accept (HeptadHttpTls *tls, GIOStream *base, GError **error)
{
  static const char *const protocols[] = { "http/1.1", NULL };
  g_autoptr (GTlsCertificate) certificate = NULL;
  GIOStream *connection;

  g_mutex_lock (&tls->lock);
  certificate = g_object_ref (tls->certificate);
  g_mutex_unlock (&tls->lock);
  connection = g_tls_server_connection_new (base, certificate, error);
  if (connection == NULL)
    return NULL;
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (connection), protocols);
  /* Lengths frame every message here, so a cut can be told without a close notification. */
  g_tls_connection_set_require_close_notify (G_TLS_CONNECTION (connection), FALSE);
  return G_TLS_CONNECTION (connection);
}

gboolean
heptad_http_tls_is_good (GTlsConnection *connection)
{
  const char *protocol = g_tls_connection_get_negotiated_protocol (connection);

  return g_tls_connection_get_protocol_version (connection) == G_TLS_PROTOCOL_VERSION_TLS_1_3
         && (protocol == NULL || strcmp (protocol, "http/1.1") == 0);
}
