/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-secret.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/ctl/ctl-error.h"

#define MAX_SECRET_BYTES 4096

gboolean
ctl_secret_can_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

static char *
read_line (FILE *stream, const char *name, GError **error)
{
  char line[MAX_SECRET_BYTES] = "";
  char *secret;

  if (fgets (line, sizeof line, stream) == NULL || strcspn (line, "\r\n") == 0)
    {
      ctl_set_usage_error (error, "The %s is empty; it stands in the first line", name);
      return NULL;
    }
  line[strcspn (line, "\r\n")] = '\0';
  secret = g_strdup (line);
  explicit_bzero (line, sizeof line);
  return secret;
}

static char *
ask (const char *name, GError **error)
{
  struct termios normal;
  struct termios silent;
  char *secret;

  if (!ctl_secret_can_ask () || tcgetattr (STDIN_FILENO, &normal) != 0)
    {
      ctl_set_usage_error (error, "The %s is missing: give --%s-file PATH, or - for standard input",
                           name, name);
      return NULL;
    }
  silent = normal;
  silent.c_lflag &= ~(tcflag_t) ECHO;
  fprintf (stderr, "%s: ", name);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &silent);
  secret = read_line (stdin, name, error);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &normal);
  fputc ('\n', stderr);
  return secret;
}

char *
ctl_secret_read (const char *path, const char *name, GError **error)
{
  char *secret;
  FILE *file;

  if (path == NULL)
    return ask (name, error);
  if (strcmp (path, "-") == 0)
    return read_line (stdin, name, error);
  file = fopen (path, "re");
  if (file == NULL)
    {
      ctl_set_usage_error (error, "The file of the %s, %s, cannot be read: %m", name, path);
      return NULL;
    }
  secret = read_line (file, name, error);
  fclose (file);
  return secret;
}
