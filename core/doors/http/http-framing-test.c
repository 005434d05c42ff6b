/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-framing.h"

#include "core/doors/http/http-probes.h"

#include <string.h>

static const HeptadHttpFramingLimits limits = { 64 * 1024, 8 * 1024, 100 };

/* What became of a stream of bytes: refusal, or the requests in it written out again. */
typedef struct {
  guint status;
  GString *seen;
  gboolean is_between;
} Outcome;

static void
note_head (Outcome *outcome, HeptadHttpFraming *framing)
{
  g_autoptr (HeptadHttpHead) head = heptad_http_framing_steal_head (framing);

  g_string_append_printf (outcome->seen, "%s %s", heptad_http_head_string (head, head->method),
                          heptad_http_head_string (head, head->path));
  if (head->query != 0)
    g_string_append_printf (outcome->seen, "?%s", heptad_http_head_string (head, head->query));
  for (guint i = 0; i < head->n_headers; i++)
    g_string_append_printf (outcome->seen, " %s=%s",
                            heptad_http_head_string (head, head->headers[i].name),
                            heptad_http_head_string (head, head->headers[i].value));
  g_string_append_c (outcome->seen, ' ');
}

static void
feed (Outcome *outcome, HeptadHttpFraming *framing, const char *bytes, gsize length)
{
  /* A copy of exact size lets the address sanitizer see a read beyond it. */
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  const guint8 *data = copy;
  const guint8 *body;
  gsize body_length;

  while (outcome->status == 0)
    switch (heptad_http_framing_next (framing, &data, &length, &body, &body_length))
      {
      case HEPTAD_HTTP_FRAMING_MORE:
        g_assert_cmpuint (length, ==, 0);
        return;
      case HEPTAD_HTTP_FRAMING_HEAD:
        note_head (outcome, framing);
        break;
      case HEPTAD_HTTP_FRAMING_BODY:
        g_assert_cmpuint (body_length, >, 0);
        g_string_append_len (outcome->seen, (const char *) body, (gssize) body_length);
        break;
      case HEPTAD_HTTP_FRAMING_END:
        g_string_append_c (outcome->seen, '\n');
        break;
      case HEPTAD_HTTP_FRAMING_REFUSED:
        outcome->status = framing->refusal->status;
        break;
      }
}

static Outcome
outcome_of (const char *bytes, gsize length, gsize split, gsize step)
{
  Outcome outcome = { 0, g_string_new (NULL), FALSE };
  HeptadHttpFraming framing;
  gsize offset = 0;

  heptad_http_framing_init (&framing, &limits);
  if (split > 0)
    feed (&outcome, &framing, bytes, split);
  for (offset = split; offset < length; offset += step)
    feed (&outcome, &framing, bytes + offset, MIN (step, length - offset));
  outcome.is_between = heptad_http_framing_is_between_requests (&framing);
  heptad_http_framing_clear (&framing);
  return outcome;
}

static void
test_probe (gconstpointer data)
{
  const HeptadHttpProbe *probe = data;
  Outcome whole = outcome_of (probe->bytes, probe->length, 0, probe->length);
  Outcome bytewise = outcome_of (probe->bytes, probe->length, 0, 1);

  g_assert_cmpuint (whole.status, ==, probe->status);
  g_assert_cmpuint (bytewise.status, ==, probe->status);
  g_assert_cmpstr (bytewise.seen->str, ==, whole.seen->str);
  if (probe->status == 0)
    g_assert_true (whole.is_between);
  for (gsize split = 1; split < probe->length; split++)
    {
      Outcome halves = outcome_of (probe->bytes, probe->length, split, probe->length);

      g_assert_cmpuint (halves.status, ==, probe->status);
      g_assert_cmpstr (halves.seen->str, ==, whole.seen->str);
      g_string_free (halves.seen, TRUE);
    }
  g_string_free (whole.seen, TRUE);
  g_string_free (bytewise.seen, TRUE);
}

static void
test_pipeline (void)
{
  static const char bytes[] = GET "\r\n" POST "Content-Length: 3\r\n\r\nabc" CHUNKED
                                  "1;x\r\nd\r\n2\r\nef\r\n0\r\nT: u\r\n\r\n" GET "X:  y \r\n\r\n";
  static const char expected[] = "GET / Host=a \nPOST / Host=a Content-Length=3 abc\n"
                                 "POST / Host=a Transfer-Encoding=chunked def\nGET / Host=a X=y \n";

  for (gsize split = 0; split < sizeof bytes - 1; split++)
    {
      Outcome outcome = outcome_of (bytes, sizeof bytes - 1, split, sizeof bytes);

      g_assert_cmpstr (outcome.seen->str, ==, expected);
      g_string_free (outcome.seen, TRUE);
    }
}

static void
assert_refused (GString *text, guint status)
{
  Outcome outcome = outcome_of (text->str, text->len, 0, 1000);

  g_assert_cmpuint (outcome.status, ==, status);
  g_string_free (outcome.seen, TRUE);
  g_string_free (text, TRUE);
}

static void
test_large_heads (void)
{
  GString *many = g_string_new (GET);
  GString *large = g_string_new (GET "X: ");
  GString *target = g_string_new ("GET /");
  GString *endless = g_string_new (NULL);

  for (guint i = 0; i < 100; i++)
    g_string_append (many, "X: y\r\n");
  for (guint i = 0; i < 70000; i++)
    {
      g_string_append_c (large, 'x');
      g_string_append_c (endless, 'x');
      if (i < 9000)
        g_string_append_c (target, 'x');
    }
  g_string_append (target, " HTTP/1.1\r\n");
  assert_refused (many, 431);
  assert_refused (large, 431);
  assert_refused (target, 414);
  assert_refused (endless, 431);
}

static void
test_large_chunk_overhead (void)
{
  GString *extension = g_string_new (CHUNKED "3;");
  GString *extensions = g_string_new (CHUNKED);
  GString *trailers = g_string_new (CHUNKED "0\r\n");

  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_c (extension, 'x');
      g_string_append (extensions, "1;abc\r\nx\r\n");
      g_string_append (trailers, "X: y\r\n");
    }
  assert_refused (extension, 400);
  assert_refused (extensions, 400);
  assert_refused (trailers, 400);
}

static void
test_looking_up (void)
{
  static const char bytes[] = GET "Accept: a\r\naccept: b\r\nConnection: x, Close\r\n\r\n";
  const guint8 *data = (const guint8 *) bytes;
  gsize length = sizeof bytes - 1;
  const guint8 *body;
  gsize body_length;
  HeptadHttpFraming framing;
  g_autoptr (HeptadHttpHead) head = NULL;

  heptad_http_framing_init (&framing, &limits);
  g_assert_cmpint (heptad_http_framing_next (&framing, &data, &length, &body, &body_length), ==,
                   HEPTAD_HTTP_FRAMING_HEAD);
  head = heptad_http_framing_steal_head (&framing);
  g_assert_cmpstr (heptad_http_head_get (head, "ACCEPT"), ==, "a");
  g_assert_null (heptad_http_head_get (head, "Accep"));
  g_assert_true (heptad_http_head_has_token (head, "Accept", "b"));
  g_assert_true (heptad_http_head_has_token (head, "connection", "close"));
  g_assert_false (heptad_http_head_has_token (head, "connection", "clos"));
  g_assert_false (head->keep_alive);
  heptad_http_framing_clear (&framing);
}

static void
add_probes (const char *folder, const HeptadHttpProbe *probes, gsize n_probes)
{
  for (gsize i = 0; i < n_probes; i++)
    {
      g_autofree char *path = g_strconcat ("/http-framing/", folder, "/", probes[i].name, NULL);

      g_test_add_data_func (path, &probes[i], test_probe);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_probes ("refuses", heptad_http_probes, G_N_ELEMENTS (heptad_http_probes));
  add_probes ("accepts", heptad_http_odd_requests, G_N_ELEMENTS (heptad_http_odd_requests));
  g_test_add_func ("/http-framing/a-pipeline-splits-anywhere", test_pipeline);
  g_test_add_func ("/http-framing/large-heads-are-refused", test_large_heads);
  g_test_add_func ("/http-framing/chunk-overhead-is-bounded", test_large_chunk_overhead);
  g_test_add_func ("/http-framing/headers-are-found-in-any-case", test_looking_up);
  return g_test_run ();
}
