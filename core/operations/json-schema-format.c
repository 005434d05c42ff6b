/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <arpa/inet.h>
#include <string.h>

#include "core/operations/json-schema-private.h"

static gboolean
is_copied (const char *text, gsize length, char *buffer, gsize size)
{
  if (length >= size || memchr (text, '\0', length) != NULL)
    return FALSE;
  memcpy (buffer, text, length);
  buffer[length] = '\0';
  return TRUE;
}

/* @n digits at @text, or -1. */
static int
read_digits (const char *text, guint n)
{
  int value = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

static gboolean
is_date (const char *text, gsize length)
{
  int year, month, day;

  if (length != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  year = read_digits (text, 4);
  month = read_digits (text + 5, 2);
  day = read_digits (text + 8, 2);
  /* GLib's calendar begins with the year 1, which has as many days as the year 0 less one. */
  return year >= 0 && month >= 1 && month <= 12 && day >= 1
         && day <= g_date_get_days_in_month ((GDateMonth) month,
                                             (GDateYear) (year == 0 ? 2000 : year));
}

/* `Z` or `+hh:mm`; @minutes is its distance from UTC. */
static gboolean
is_offset (const char *text, gsize length, int *minutes)
{
  int hour, minute;

  *minutes = 0;
  if (length == 1)
    return *text == 'Z' || *text == 'z';
  if (length != 6 || (*text != '+' && *text != '-') || text[3] != ':')
    return FALSE;
  hour = read_digits (text + 1, 2);
  minute = read_digits (text + 4, 2);
  *minutes = (*text == '-' ? -1 : 1) * (hour * 60 + minute);
  return hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59;
}

/* RFC 3339; a leap second only where one can be, at 23:59:60 UTC. */
static gboolean
is_time (const char *text, gsize length)
{
  int hour, minute, second, offset;
  gsize at = 8;

  if (length < 9 || text[2] != ':' || text[5] != ':')
    return FALSE;
  hour = read_digits (text, 2);
  minute = read_digits (text + 3, 2);
  second = read_digits (text + 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return FALSE;
  if (text[at] == '.')
    {
      at++;
      if (at == length || !g_ascii_isdigit (text[at]))
        return FALSE;
      while (at < length && g_ascii_isdigit (text[at]))
        at++;
    }
  if (!is_offset (text + at, length - at, &offset))
    return FALSE;
  return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 == 1439;
}

static gboolean
is_date_time (const char *text, gsize length)
{
  return length > 11 && is_date (text, 10) && (text[10] == 'T' || text[10] == 't')
         && is_time (text + 11, length - 11);
}

static gboolean
is_uuid (const char *text, gsize length)
{
  if (length != 36)
    return FALSE;
  for (gsize i = 0; i < 36; i++)
    if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !g_ascii_isxdigit (text[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_ipv4 (const char *text, gsize length)
{
  char copy[INET_ADDRSTRLEN];
  struct in_addr address;

  return is_copied (text, length, copy, sizeof copy) && inet_pton (AF_INET, copy, &address) == 1;
}

static gboolean
is_ipv6 (const char *text, gsize length)
{
  char copy[INET6_ADDRSTRLEN];
  struct in6_addr address;

  return is_copied (text, length, copy, sizeof copy) && inet_pton (AF_INET6, copy, &address) == 1;
}

/* RFC 1123: letters, digits and hyphens; labels of 1 to 63, 253 in all. `xn--` and other labels
 * with two hyphens in the third place must at least be A-labels. */
static gboolean
is_label (const char *text, gsize length)
{
  if (length == 0 || length > 63 || text[0] == '-' || text[length - 1] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-')
      return FALSE;
  if (length >= 4 && text[2] == '-' && text[3] == '-')
    {
      g_autofree char *label = g_strndup (text, length);
      g_autofree char *decoded = g_hostname_to_unicode (label);

      return decoded != NULL && g_hostname_is_ascii_encoded (label)
             && g_hostname_is_non_ascii (decoded);
    }
  return TRUE;
}

static gboolean
is_hostname (const char *text, gsize length)
{
  gsize start = 0;

  if (length == 0 || length > 253)
    return FALSE;
  for (gsize i = 0; i <= length; i++)
    if (i == length || text[i] == '.')
      {
        if (!is_label (text + start, i - start))
          return FALSE;
        start = i + 1;
      }
  return TRUE;
}

/* RFC 5321's local part: atoms with single dots between, or a quoted string. */
static gboolean
is_local_part (const char *text, gsize length)
{
  if (length == 0 || length > 64)
    return FALSE;
  if (length >= 2 && text[0] == '"' && text[length - 1] == '"')
    {
      for (gsize i = 1; i < length - 1; i++)
        if (text[i] == '\\' && i + 1 < length - 1)
          i++;
        else if (text[i] == '"' || text[i] == '\\' || (guchar) text[i] < 0x20)
          return FALSE;
      return TRUE;
    }
  for (gsize i = 0; i < length; i++)
    {
      gboolean is_dot = text[i] == '.';

      if (is_dot && (i == 0 || i == length - 1 || text[i - 1] == '.'))
        return FALSE;
      if (!is_dot && !g_ascii_isalnum (text[i]) && strchr ("!#$%&'*+-/=?^_`{|}~", text[i]) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_mail_domain (const char *text, gsize length)
{
  if (length < 3 || text[0] != '[' || text[length - 1] != ']')
    return is_hostname (text, length);
  if (length > 7 && g_ascii_strncasecmp (text + 1, "IPv6:", 5) == 0)
    return is_ipv6 (text + 6, length - 7);
  return is_ipv4 (text + 1, length - 2);
}

static gboolean
is_email (const char *text, gsize length)
{
  const char *at = memrchr (text, '@', length);

  if (at == NULL || memchr (text, '\0', length) != NULL)
    return FALSE;
  return is_local_part (text, (gsize) (at - text))
         && is_mail_domain (at + 1, length - (gsize) (at + 1 - text));
}

/* RFC 3986, as a URI that has a scheme. GUri reads generously, so the characters are checked first.
 */
static gboolean
is_uri (const char *text, gsize length)
{
  g_autofree char *copy = NULL;

  for (gsize i = 0; i < length; i++)
    if ((guchar) text[i] <= 0x20 || (guchar) text[i] >= 0x7f
        || strchr ("\"<>\\^`{|}", text[i]) != NULL)
      return FALSE;
    else if (text[i] == '%'
             && (length - i < 3 || !g_ascii_isxdigit (text[i + 1])
                 || !g_ascii_isxdigit (text[i + 2])))
      return FALSE;
  copy = g_strndup (text, length);
  if (strchr (copy, '#') != NULL && strchr (strchr (copy, '#') + 1, '#') != NULL)
    return FALSE;
  for (const char *c = copy + strcspn (copy, "/?#"); *c != '\0'; c++)
    if (c[0] == '/' && c[1] == '/' && c > copy && c[-1] == ':')
      {
        gsize n = strcspn (c + 2, "/?#");

        if ((memchr (c + 2, '[', n) != NULL) != (memchr (c + 2, ']', n) != NULL)
            || (c[2] != '[' && memchr (c + 2, '@', n) != NULL && memchr (c + 2, '[', n) != NULL
                && ((const char *) memchr (c + 2, '@', n))[1] != '['))
          return FALSE;
        c += 1 + n;
      }
    else if (*c == '[' || *c == ']')
      return FALSE;
  return g_uri_is_valid (copy, G_URI_FLAGS_ENCODED, NULL);
}

static gboolean
is_decimal (const char *text, gsize length)
{
  HeptadDecimal number;

  return heptad_decimal_parse (text, (gssize) length, &number, NULL);
}

HeptadSchemaFormatFunc
heptad_schema_find_format (const char *name)
{
  static const struct {
    const char *name;
    HeptadSchemaFormatFunc is_valid;
  } formats[] = {
    { "date-time", is_date_time }, { "date", is_date }, { "time", is_time },
    { "email", is_email },         { "uri", is_uri },   { "uuid", is_uuid },
    { "ipv4", is_ipv4 },           { "ipv6", is_ipv6 }, { "hostname", is_hostname },
    { "decimal", is_decimal },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (name, formats[i].name) == 0)
      return formats[i].is_valid;
  return NULL;
}
