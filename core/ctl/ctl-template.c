/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/ctl/ctl-template.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/ctl/ctl-error.h"

#define RESOURCE_ROOT "/org/heptad/templates/plugin"
#define MAX_ID        31

typedef struct {
  const char *id;
  char *id_c;
  char *name;
  char *type;
} Spellings;

static gboolean
check_id (const char *id, GError **error)
{
  static const char *const taken[] = { "host", "core", "heptad", "plugin", "event", NULL };
  gboolean good = g_ascii_islower (*id) && strlen (id) <= MAX_ID;

  for (const char *at = id; good && *at != '\0'; at++)
    good = g_ascii_islower (*at) || g_ascii_isdigit (*at) || *at == '-';
  if (!good)
    ctl_set_usage_error (error,
                         "'%s' is no plugin id: it begins with a small letter and goes on with "
                         "small letters, digits and dashes, %d at most",
                         id, MAX_ID);
  else if (g_strv_contains (taken, id))
    ctl_set_usage_error (error, "'%s' is taken by the host itself; choose another name", id);
  else
    return TRUE;
  return FALSE;
}

/* "word-count" is written word_count, "Word count" and WordCount. */
static void
spell (Spellings *self, const char *id)
{
  GString *type = g_string_new (NULL);

  self->id = id;
  self->id_c = g_strdelimit (g_strdup (id), "-", '_');
  self->name = g_strdelimit (g_strdup (id), "-", ' ');
  self->name[0] = g_ascii_toupper (self->name[0]);
  for (const char *at = id; *at != '\0'; at++)
    if (*at != '-')
      g_string_append_c (type, at == id || at[-1] == '-' ? g_ascii_toupper (*at) : *at);
  self->type = g_string_free (type, FALSE);
}

static void
replace_all (GString *text, const Spellings *spellings)
{
  g_string_replace (text, "@id@", spellings->id, 0);
  g_string_replace (text, "@id_c@", spellings->id_c, 0);
  g_string_replace (text, "@Name@", spellings->name, 0);
  g_string_replace (text, "@Type@", spellings->type, 0);
}

/* "ID-plugin.c.in" becomes "hello-plugin.c"; "dot" files lose their mask. */
static char *
name_file (const char *resource, const Spellings *spellings)
{
  GString *name = g_string_new (resource);

  if (g_str_has_suffix (name->str, ".in"))
    g_string_truncate (name, name->len - strlen (".in"));
  g_string_replace (name, "ID", spellings->id, 1);
  return g_string_free (name, FALSE);
}

static gboolean
write_file (const char *folder, const char *resource, const Spellings *spellings, GError **error)
{
  g_autofree char *source = g_strconcat (RESOURCE_ROOT "/", resource, NULL);
  g_autofree char *name = name_file (resource, spellings);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (source, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  g_autoptr (GString) text = NULL;
  gsize length;
  const char *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  text = g_string_new_len (data, (gssize) length);
  replace_all (text, spellings);
  if (!g_file_set_contents (path, text->str, (gssize) text->len, error))
    return FALSE;
  return !g_str_has_suffix (name, ".sh") || g_chmod (path, 0755) == 0;
}

static gboolean
is_empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return dir != NULL && g_dir_read_name (dir) == NULL;
}

static gboolean
make_folder (const char *folder, GError **error)
{
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      ctl_set_usage_error (error, "The folder %s cannot be made: %s", folder, g_strerror (errno));
      return FALSE;
    }
  if (is_empty (folder))
    return TRUE;
  ctl_set_usage_error (error, "The folder %s is not empty; choose another with --directory DIR",
                       folder);
  return FALSE;
}

gboolean
ctl_template_write (const char *name, const char *directory, GError **error)
{
  const char *folder = directory != NULL ? directory : name;
  g_auto (GStrv) resources = NULL;
  Spellings spellings;
  gboolean written = TRUE;

  if (!check_id (name, error) || !make_folder (folder, error))
    return FALSE;
  resources = g_resources_enumerate_children (RESOURCE_ROOT, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (resources == NULL)
    return FALSE;
  spell (&spellings, name);
  for (guint i = 0; resources[i] != NULL && written; i++)
    written = write_file (folder, resources[i], &spellings, error);
  g_free (spellings.id_c);
  g_free (spellings.name);
  g_free (spellings.type);
  return written;
}
