/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/doors/http/http-grammar.h"

#include <stdlib.h>
#include <string.h>

#define MAX_METHOD_BYTES  32
#define MAX_HOST_BYTES    261 /* a name of 255, a colon, a port of 5 */
#define MAX_LENGTH_DIGITS 18  /* what surely fits in 63 bits */

static const HeptadHttpRefusal bad_request_line = {
  400, "bad-request-line",
  "The request line must be METHOD, one space, target, one space, HTTP/1.1."
};
static const HeptadHttpRefusal bad_method = { 400, "bad-method",
                                              "The method must be a token of at most 32 letters." };
static const HeptadHttpRefusal bad_target = {
  400, "bad-target",
  "The target must be a path that begins with a slash, holding only the characters RFC 3986 allows."
};
static const HeptadHttpRefusal long_target = { 414, "long-target",
                                               "The target is longer than this server takes." };
static const HeptadHttpRefusal bad_version = {
  505, "bad-version", "This connection speaks HTTP/1.1 and HTTP/1.0 only."
};
static const HeptadHttpRefusal bad_header = {
  400, "bad-header",
  "A header must be a name, a colon right after it, and a value without control bytes."
};
static const HeptadHttpRefusal folded_header = { 400, "folded-header",
                                                 "A header line must not begin with white space." };
static const HeptadHttpRefusal repeated_header = {
  400, "repeated-header",
  "Host, Content-Length, Transfer-Encoding, Authorization and Content-Type may come once only."
};
static const HeptadHttpRefusal no_host = { 400, "no-host",
                                           "An HTTP/1.1 request must have a Host header." };
static const HeptadHttpRefusal bad_host = {
  400, "bad-host", "The Host header must be a host name or address, with an optional port."
};
static const HeptadHttpRefusal other_authority = {
  400, "other-authority", "The target names another host than the Host header."
};
static const HeptadHttpRefusal bad_length = {
  400, "bad-length", "Content-Length must be one decimal number of at most 18 digits."
};
static const HeptadHttpRefusal length_and_coding = {
  400, "length-and-coding", "Content-Length and Transfer-Encoding must not come together."
};
static const HeptadHttpRefusal coding_in_1_0 = {
  400, "coding-in-1.0", "An HTTP/1.0 request must not have a Transfer-Encoding."
};
static const HeptadHttpRefusal bad_coding = {
  501, "bad-coding", "The only Transfer-Encoding taken is exactly chunked."
};
static const HeptadHttpRefusal bad_expectation = { 417, "bad-expectation",
                                                   "The only expectation met is 100-continue." };

/* Classes of bytes. A query may also hold what browsers leave unescaped in it. */
enum {
  TOKEN = 1,
  TARGET = 2,
  QUERY = 4,
};

static guint8
class_of (guint8 byte)
{
  guint8 class = 0;

  if (byte == 0 || byte >= 0x80)
    return 0;
  if (g_ascii_isalnum (byte))
    return TOKEN | TARGET | QUERY;
  if (strchr ("!#$%&'*+-.^_`|~", byte) != NULL)
    class |= TOKEN;
  if (strchr ("-._~!$&'()*+,;=:@/%?", byte) != NULL)
    class |= TARGET | QUERY;
  if (strchr ("[]{}|^`\\", byte) != NULL)
    class |= QUERY;
  return class;
}

static const guint8 *
classes (void)
{
  static guint8 table[256];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < G_N_ELEMENTS (table); i++)
        table[i] = class_of ((guint8) i);
      g_once_init_leave (&ready, 1);
    }
  return table;
}

static gboolean
consists_of (const char *text, gsize length, guint8 class)
{
  const guint8 *table = classes ();

  for (gsize i = 0; i < length; i++)
    if ((table[(guint8) text[i]] & class) == 0)
      return FALSE;
  return length > 0;
}

gboolean
heptad_http_grammar_is_token_byte (guint8 byte)
{
  return (classes ()[byte] & TOKEN) != 0;
}

gboolean
heptad_http_grammar_is_token (const char *text, gsize length)
{
  return consists_of (text, length, TOKEN);
}

gboolean
heptad_http_grammar_is_header_value (const char *text)
{
  for (; *text != '\0'; text++)
    if (((guint8) *text < 0x20 && *text != '\t') || *text == 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
escapes_are_hex (const char *text)
{
  while ((text = strchr (text, '%')) != NULL)
    {
      if (!g_ascii_isxdigit (text[1]) || !g_ascii_isxdigit (text[2]))
        return FALSE;
      text += 3;
    }
  return TRUE;
}

static gboolean
is_valid_port (const char *port)
{
  gsize digits = strspn (port, "0123456789");

  return port[digits] == '\0' && digits >= 1 && digits <= 5 && atoi (port) <= 65535;
}

static gboolean
is_valid_host (const char *host)
{
  const char *rest = host;

  if (strlen (host) > MAX_HOST_BYTES)
    return FALSE;
  if (*host == '[')
    {
      gsize length = strspn (host + 1, "0123456789abcdefABCDEF:.");

      if (length < 2 || host[1 + length] != ']')
        return FALSE;
      rest = host + length + 2;
    }
  else
    {
      while (g_ascii_isalnum (*rest) || (*rest != '\0' && strchr ("-._~", *rest) != NULL))
        rest++;
      if (rest == host)
        return FALSE;
    }
  return *rest == '\0' || (*rest == ':' && is_valid_port (rest + 1));
}

/* Cuts `http://authority` off an absolute target and keeps the authority as the head's host, for
 * the comparison with the Host header. */
static const HeptadHttpRefusal *
take_authority (HeptadHttpHead *head, gsize *target)
{
  char *text = head->text + *target;
  gsize scheme_length = g_ascii_strncasecmp (text, "http://", 7) == 0    ? 7
                        : g_ascii_strncasecmp (text, "https://", 8) == 0 ? 8
                                                                         : 0;
  gsize authority_length;

  if (scheme_length == 0)
    return &bad_target;
  authority_length = strcspn (text + scheme_length, "/?");
  if (text[scheme_length + authority_length] != '/')
    return &bad_target;
  /* The scheme's bytes are free now: move the authority there, so that it can end in NUL. */
  memmove (text, text + scheme_length, authority_length);
  text[authority_length] = '\0';
  head->host = (guint32) *target;
  *target += scheme_length + authority_length;
  return NULL;
}

static const HeptadHttpRefusal *
parse_target (HeptadHttpHead *head, gsize target)
{
  gboolean is_asterisk = strcmp (head->text + target, "*") == 0;
  char *query;

  if (is_asterisk && strcmp (heptad_http_head_string (head, head->method), "OPTIONS") != 0)
    return &bad_target;
  if (!is_asterisk && head->text[target] != '/')
    {
      const HeptadHttpRefusal *refusal = take_authority (head, &target);

      if (refusal != NULL)
        return refusal;
    }
  if (!escapes_are_hex (head->text + target))
    return &bad_target;

  head->path = (guint32) target;
  query = strchr (head->text + target, '?');
  if (query != NULL)
    {
      *query = '\0';
      head->query = (guint32) (query + 1 - head->text);
      if (query[1] != '\0' && !consists_of (query + 1, strlen (query + 1), QUERY))
        return &bad_target;
    }
  return consists_of (head->text + target, strlen (head->text + target), TARGET) ? NULL
                                                                                 : &bad_target;
}

static const HeptadHttpRefusal *
parse_version (HeptadHttpHead *head, const char *version, gsize length)
{
  if (length != 8 || memcmp (version, "HTTP/", 5) != 0 || !g_ascii_isdigit (version[5])
      || version[6] != '.' || !g_ascii_isdigit (version[7]))
    return &bad_request_line;
  if (version[5] != '1' || version[7] > '1')
    return &bad_version;
  head->minor_version = (guint) (version[7] - '0');
  return NULL;
}

const HeptadHttpRefusal *
heptad_http_grammar_request_line (HeptadHttpHead *head,
                                  gsize start,
                                  gsize length,
                                  gsize target_limit)
{
  char *line = head->text + start;
  char *end = line + length;
  char *target = memchr (line, ' ', length);
  char *version;
  const HeptadHttpRefusal *refusal;

  if (target == NULL)
    return &bad_request_line;
  *target++ = '\0';
  version = memchr (target, ' ', (gsize) (end - target));
  if (version == NULL || version == target)
    return &bad_request_line;
  *version++ = '\0';

  head->method = (guint32) start;
  if (strlen (line) > MAX_METHOD_BYTES || !heptad_http_grammar_is_token (line, strlen (line)))
    return &bad_method;
  refusal = parse_version (head, version, (gsize) (end - version));
  if (refusal != NULL)
    return refusal;
  if ((gsize) (version - target) > target_limit)
    return &long_target;
  return parse_target (head, (gsize) (target - head->text));
}

const HeptadHttpRefusal *
heptad_http_grammar_header (HeptadHttpHead *head, gsize start, gsize length)
{
  char *line = head->text + start;
  char *end = line + length;
  char *colon = memchr (line, ':', length);
  char *value;

  if (*line == ' ' || *line == '\t')
    return &folded_header;
  if (colon == NULL || !heptad_http_grammar_is_token (line, (gsize) (colon - line)))
    return &bad_header;

  *colon = '\0';
  value = colon + 1;
  while (value < end && (*value == ' ' || *value == '\t'))
    value++;
  while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
    end--;
  *end = '\0';
  heptad_http_head_add_header (head, start, (gsize) (value - head->text));
  return NULL;
}

static const HeptadHttpRefusal *
judge_host (HeptadHttpHead *head, const char *host)
{
  if (host == NULL && head->minor_version == 1)
    return &no_host;
  if (host == NULL)
    return head->host == 0 || is_valid_host (heptad_http_head_string (head, head->host))
               ? NULL
               : &bad_host;
  if (!is_valid_host (host))
    return &bad_host;
  if (head->host != 0 && g_ascii_strcasecmp (heptad_http_head_string (head, head->host), host) != 0)
    return &other_authority;
  head->host = (guint32) (host - head->text);
  return NULL;
}

static const HeptadHttpRefusal *
judge_length (HeptadHttpHead *head, const char *length, const char *coding)
{
  if (coding != NULL)
    {
      if (length != NULL)
        return &length_and_coding;
      if (head->minor_version == 0)
        return &coding_in_1_0;
      if (g_ascii_strcasecmp (coding, "chunked") != 0)
        return &bad_coding;
      head->chunked = TRUE;
    }
  if (length != NULL)
    {
      gsize digits = strspn (length, "0123456789");

      if (length[digits] != '\0' || digits == 0 || digits > MAX_LENGTH_DIGITS)
        return &bad_length;
      head->content_length = (gint64) g_ascii_strtoull (length, NULL, 10);
    }
  return NULL;
}

static void
judge_options (HeptadHttpHead *head)
{
  gboolean closes = heptad_http_head_has_token (head, "connection", "close");

  if (head->minor_version == 0)
    head->keep_alive = !closes && heptad_http_head_has_token (head, "connection", "keep-alive");
  else
    head->keep_alive = !closes;
  head->upgrades_to_websocket =
      head->minor_version == 1 && head->content_length <= 0 && !head->chunked
      && heptad_http_head_has_token (head, "upgrade", "websocket")
      && heptad_http_head_has_token (head, "connection", "upgrade")
      && strcmp (heptad_http_head_string (head, head->method), "GET") == 0;
}

const HeptadHttpRefusal *
heptad_http_grammar_framing (HeptadHttpHead *head)
{
  static const char *const singles[] = { "host",   "content-length", "transfer-encoding",
                                         "expect", "authorization",  "content-type" };
  const char *values[G_N_ELEMENTS (singles)] = { NULL };
  const HeptadHttpRefusal *refusal;

  for (guint i = 0; i < head->n_headers; i++)
    for (guint j = 0; j < G_N_ELEMENTS (singles); j++)
      if (g_ascii_strcasecmp (head->text + head->headers[i].name, singles[j]) == 0)
        {
          if (values[j] != NULL)
            return &repeated_header;
          values[j] = head->text + head->headers[i].value;
        }

  refusal = judge_host (head, values[0]);
  if (refusal == NULL)
    refusal = judge_length (head, values[1], values[2]);
  if (refusal != NULL)
    return refusal;

  if (values[3] != NULL && head->minor_version == 1)
    {
      if (g_ascii_strcasecmp (values[3], "100-continue") != 0)
        return &bad_expectation;
      head->expects_continue = head->chunked || head->content_length > 0;
    }
  judge_options (head);
  return NULL;
}
