/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-compression.h"

#include "core/doors/http/http-testing.h"

#include <gio/gio.h>
#include <string.h>
#include <zstd.h>

static void
test_choice (void)
{
  static const struct {
    const char *accept;
    HeptadHttpCoding coding;
  } cases[] = {
    { NULL, HEPTAD_HTTP_CODING_IDENTITY },
    { "", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzip", HEPTAD_HTTP_CODING_GZIP },
    { "GZIP;q=0.5", HEPTAD_HTTP_CODING_GZIP },
    { "gzip, deflate, br, zstd", HEPTAD_HTTP_CODING_ZSTD },
    { "gzip, deflate, br", HEPTAD_HTTP_CODING_BROTLI },
    { "gzip;q=1.0, br;q=0.5, zstd;q=0", HEPTAD_HTTP_CODING_GZIP },
    { "*", HEPTAD_HTTP_CODING_ZSTD },
    { "*, zstd;q=0", HEPTAD_HTTP_CODING_BROTLI },
    { "identity", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzip;q=0", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzip;q=nan", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzip;q=2", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzip;x=1", HEPTAD_HTTP_CODING_IDENTITY },
    { "gzipped", HEPTAD_HTTP_CODING_IDENTITY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (heptad_http_coding_choose (cases[i].accept), ==, cases[i].coding);
}

static void
test_types (void)
{
  g_assert_true (heptad_http_is_compressible ("application/json; charset=utf-8"));
  g_assert_true (heptad_http_is_compressible ("application/problem+json"));
  g_assert_true (heptad_http_is_compressible ("text/csv"));
  g_assert_false (heptad_http_is_compressible ("text/event-stream"));
  g_assert_false (heptad_http_is_compressible ("image/png"));
  g_assert_false (heptad_http_is_compressible (NULL));
}

/* curl decodes gzip and brotli, and says what came before decoding. */
static void
ask (HttpTest *test, const char *path, const char *coding, const char *type, gsize expected)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", test->port, path);
  g_autofree char *accept = g_strconcat ("Accept-Encoding: ", coding, NULL);
  g_autofree char *wanted = g_strconcat ("Accept: ", type, NULL);
  g_autofree char *named = g_strconcat ("Content-Encoding: ", coding, NULL);
  const char *const command[] = { "curl", "-sv", "--compressed", "--max-time", "10", "-H",
                                  accept, "-H",  wanted,         url,          NULL };
  g_autofree char *out = NULL;
  g_autofree char *log = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
                               &log, NULL, NULL));
  g_assert_nonnull (strstr (log, named));
  g_assert_nonnull (strstr (log, "Vary: Accept-Encoding"));
  g_assert_cmpuint (strlen (out), ==, expected);
  g_assert_cmpuint (strspn (out, "x"), ==, expected);
}

static void
test_served (void)
{
  g_autofree char *program = g_find_program_in_path ("curl");
  HttpTest test;
  HeptadHttpStats stats;

  if (program == NULL)
    {
      g_test_skip ("This test needs the program curl.");
      return;
    }
  http_test_init (&test);
  http_test_start (&test);
  ask (&test, "/text", "gzip", "text/plain", 100000);
  ask (&test, "/text", "br", "text/plain", 100000);
  ask (&test, "/pieces", "gzip", "text/csv", 3 * 64 * 1024);
  ask (&test, "/pieces", "br", "text/csv", 3 * 64 * 1024);
  heptad_http_server_get_stats (test.server, &stats);
  g_assert_cmpuint (stats.bytes_out, <, 10000);
  http_test_stop (&test);
}

static void
test_zstd (void)
{
  g_autoptr (HeptadHttpEncoder) encoder = heptad_http_encoder_new (HEPTAD_HTTP_CODING_ZSTD);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autofree char *text = g_strnfill (100000, 'x');
  g_autofree char *back = g_malloc (200000);
  guint before;

  heptad_http_encoder_add (encoder, text, 50000, HEPTAD_HTTP_ENCODE_CONTINUE, out);
  before = out->len;
  heptad_http_encoder_add (encoder, text, 50000, HEPTAD_HTTP_ENCODE_FLUSH, out);
  g_assert_cmpuint (out->len, >, before);
  heptad_http_encoder_add (encoder, text, 100000, HEPTAD_HTTP_ENCODE_END, out);
  g_assert_cmpuint (ZSTD_decompress (back, 200000, out->data, out->len), ==, 200000);
  g_assert_cmpint (memcmp (back + 100000, text, 100000), ==, 0);
}

static void
test_left_alone (void)
{
  HttpTest test;
  g_autofree char *small = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *tagged = NULL;

  http_test_init (&test);
  http_test_start (&test);
  small = http_test_ask (
      &test,
      "GET /hello HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
  plain = http_test_ask (&test, "GET /text HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  tagged = http_test_ask (
      &test, "GET /text HTTP/1.1\r\nHost: a\r\nAccept-Encoding: zstd\r\nConnection: close\r\n\r\n");
  g_assert_null (strstr (small, "Content-Encoding"));
  g_assert_null (strstr (plain, "Content-Encoding"));
  g_assert_nonnull (strstr (plain, "Vary: Accept-Encoding"));
  g_assert_nonnull (strstr (plain, "ETag: \"1\""));
  g_assert_nonnull (strstr (tagged, "ETag: W/\"1\""));
  http_test_stop (&test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-compression/the-best-accepted-coding-is-chosen", test_choice);
  g_test_add_func ("/http-compression/types-that-shrink-are-known", test_types);
  g_test_add_func ("/http-compression/responses-and-streams-are-compressed", test_served);
  g_test_add_func ("/http-compression/zstd-flushes-and-ends", test_zstd);
  g_test_add_func ("/http-compression/small-and-plain-responses-are-left-alone", test_left_alone);
  return g_test_run ();
}
