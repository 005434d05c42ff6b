/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-listener.h"

#include "sdk/heptad-error.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

static gboolean
split_host_and_port (const char *where, char **host, guint16 *port, GError **error)
{
  const char *colon = strrchr (where, ':');
  guint64 number;

  if (colon == NULL || colon == where
      || !g_ascii_string_to_unsigned (colon + 1, 10, 0, 65535, &number, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "\"%s\" is no address to listen on: write HOST:PORT, [IPv6]:PORT or unix:PATH.",
                   where);
      return FALSE;
    }
  if (*where == '[' && colon[-1] == ']')
    *host = g_strndup (where + 1, (gsize) (colon - where - 2));
  else
    *host = g_strndup (where, (gsize) (colon - where));
  *port = (guint16) number;
  return TRUE;
}

static GSocketAddress *
parse_address (const char *where, GError **error)
{
  g_autofree char *host = NULL;
  g_autoptr (GInetAddress) address = NULL;
  guint16 port;

  if (!split_host_and_port (where, &host, &port, error))
    return NULL;
  if (strcmp (host, "*") == 0)
    address = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  else if (strcmp (host, "localhost") == 0)
    address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  else
    address = g_inet_address_new_from_string (host);
  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "\"%s\" is no address to listen on: \"%s\" is not a numeric address.", where,
                   host);
      return NULL;
    }
  return g_inet_socket_address_new (address, port);
}

/* Removes a socket that a dead process left behind, and nothing else. */
static void
remove_stale_socket (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) probe =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  if (g_lstat (path, &status) != 0 || !S_ISSOCK (status.st_mode) || probe == NULL)
    return;
  if (!g_socket_connect (probe, address, NULL, &error)
      && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    g_unlink (path);
}

static gboolean
bind_and_listen (GSocket *socket, GSocketAddress *address, const char *where, GError **error)
{
  if (g_socket_get_family (socket) == G_SOCKET_FAMILY_IPV6)
    {
      gboolean any = g_inet_address_get_is_any (
          g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));

      g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, !any, NULL);
    }
  g_socket_set_listen_backlog (socket, BACKLOG);
  if (g_socket_bind (socket, address, TRUE, error) && g_socket_listen (socket, error))
    return TRUE;
  g_prefix_error (error, "Cannot listen on %s: ", where);
  return FALSE;
}

/* The descriptor outlives the GSocket: GSocket closes its own, so the listener keeps a copy. */
static HeptadHttpListener *
listener_for (GSocket *socket, gboolean secure, GError **error)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, error);
  HeptadHttpListener *listener;

  if (address == NULL)
    return NULL;
  listener = g_new0 (HeptadHttpListener, 1);
  listener->fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);
  fcntl (listener->fd, F_SETFL, fcntl (listener->fd, F_GETFL) | O_NONBLOCK);
  listener->is_unix = G_IS_UNIX_SOCKET_ADDRESS (address);
  if (listener->is_unix)
    listener->address = g_strdup_printf (
        "unix:%s", g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address)));
  else
    {
      GInetSocketAddress *inet = G_INET_SOCKET_ADDRESS (address);
      g_autofree char *host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));

      listener->address =
          g_strdup_printf (strchr (host, ':') == NULL ? "%s://%s:%u" : "%s://[%s]:%u",
                           secure ? "https" : "http", host, g_inet_socket_address_get_port (inet));
    }
  return listener;
}

HeptadHttpListener *
heptad_http_listener_new (const char *where, gboolean secure, GError **error)
{
  const char *path = g_str_has_prefix (where, "unix:") ? where + strlen ("unix:") : NULL;
  g_autoptr (GSocketAddress) address =
      path != NULL ? g_unix_socket_address_new (path) : parse_address (where, error);
  g_autoptr (GSocket) socket = NULL;
  HeptadHttpListener *listener;

  if (address == NULL)
    return NULL;
  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_DEFAULT, error);
  if (path != NULL)
    remove_stale_socket (path);
  if (socket == NULL || !bind_and_listen (socket, address, where, error))
    return NULL;

  listener = listener_for (socket, secure, error);
  if (listener != NULL)
    listener->unlink_path = g_strdup (path);
  return listener;
}

/* A supervisor may hand over anything: accepting on what does not listen would only fail for ever.
 */
static gboolean
check_listens (GSocket *socket, GError **error)
{
  GSocketFamily family = g_socket_get_family (socket);
  int listens = 0;

  if ((family == G_SOCKET_FAMILY_IPV4 || family == G_SOCKET_FAMILY_IPV6
       || family == G_SOCKET_FAMILY_UNIX)
      && g_socket_get_option (socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, NULL) && listens != 0)
    return TRUE;
  g_set_error_literal (error, HEPTAD_ERROR, HEPTAD_ERROR_INVALID_INPUT,
                       "it is no TCP or Unix socket that listens");
  return FALSE;
}

HeptadHttpListener *
heptad_http_listener_new_inherited (int fd, gboolean secure, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (socket == NULL || !check_listens (socket, error))
    {
      g_prefix_error (error, "Inherited descriptor %d cannot be listened on: ", fd);
      return NULL;
    }
  return listener_for (socket, secure, error);
}

void
heptad_http_listener_free (HeptadHttpListener *listener)
{
  close (listener->fd);
  if (listener->unlink_path != NULL)
    g_unlink (listener->unlink_path);
  g_free (listener->unlink_path);
  g_free (listener->address);
  g_free (listener);
}

int
heptad_http_listener_accept (const HeptadHttpListener *listener)
{
  int fd;

  do
    fd = accept4 (listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
  return fd;
}

struct _HeptadHttpAdmission {
  guint max;
  guint max_per_address;
  GMutex lock; /* of the two below; taken twice a connection, never for a request */
  guint count;
  GHashTable *by_address; /* address -> count */
};

HeptadHttpAdmission *
heptad_http_admission_new (guint max, guint max_per_address)
{
  HeptadHttpAdmission *admission = g_new0 (HeptadHttpAdmission, 1);

  admission->max = max;
  admission->max_per_address = max_per_address;
  g_mutex_init (&admission->lock);
  admission->by_address = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return admission;
}

void
heptad_http_admission_free (HeptadHttpAdmission *admission)
{
  g_hash_table_unref (admission->by_address);
  g_mutex_clear (&admission->lock);
  g_free (admission);
}

gboolean
heptad_http_admission_enter (HeptadHttpAdmission *admission, const char *address)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&admission->lock);
  guint count;

  if (admission->count >= admission->max)
    return FALSE;
  if (address != NULL)
    {
      count = GPOINTER_TO_UINT (g_hash_table_lookup (admission->by_address, address));
      if (count >= admission->max_per_address)
        return FALSE;
      g_hash_table_insert (admission->by_address, g_strdup (address), GUINT_TO_POINTER (count + 1));
    }
  admission->count++;
  return TRUE;
}

void
heptad_http_admission_leave (HeptadHttpAdmission *admission, const char *address)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&admission->lock);

  admission->count--;
  if (address != NULL)
    {
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (admission->by_address, address));

      if (count <= 1)
        g_hash_table_remove (admission->by_address, address);
      else
        g_hash_table_insert (admission->by_address, g_strdup (address),
                             GUINT_TO_POINTER (count - 1));
    }
}
