/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/plugins/probe-child.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/plugins/elf-image.h"
#include "core/plugins/probe-report.h"
#include "sdk/heptad-plugin.h"

#define MAX_ENTRIES  4096
#define QUERY_SYMBOL "heptad_plugin_query"

/* What the GType system takes from a module outlives the module, so no second generation of it
 * could ever be loaded. */
static const char *const type_registrations[] = {
  "g_type_register_",  "g_type_module_",         "g_type_add_interface_",    "g_enum_register_",
  "g_flags_register_", "g_boxed_type_register_", "g_pointer_type_register_", NULL,
};

static void
write_all (int fd, const char *text)
{
  gsize length = strlen (text);

  while (length > 0)
    {
      gssize written = write (fd, text, length);

      if (written <= 0)
        return;
      text += written;
      length -= (gsize) written;
    }
}

static void set_fault (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
set_fault (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  *error = g_error_new_valist (HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT, format, arguments);
  va_end (arguments);
}

static gboolean
check_image (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HeptadElfImage) image = NULL;
  const char *registration;

  if (file == NULL)
    return FALSE;
  bytes = g_mapped_file_get_bytes (file);
  image = heptad_elf_image_read (bytes, error);
  if (image == NULL)
    return FALSE;

  registration = heptad_elf_image_find_import (image, type_registrations);
  if (registration == NULL)
    return TRUE;
  set_fault (error,
             "it registers GTypes (it calls %s), which would keep a second generation of it from "
             "loading; use plain structs instead of G_DEFINE_TYPE and its kin",
             registration);
  return FALSE;
}

/* Turns the loader's "PATH: undefined symbol: NAME" and "NAME: cannot open shared object file: …"
 * into a reason and a remedy. */
static void
explain_open_error (const char *message, const char *bundle_dir, GError **error)
{
  const char *undefined = strstr (message, "undefined symbol: ");
  const char *missing = strstr (message, ": cannot open shared object file");

  if (undefined != NULL)
    {
      g_autofree char *symbol = g_strdup (undefined + strlen ("undefined symbol: "));

      g_strdelimit (symbol, " ,(", '\0');
      if (g_str_has_prefix (symbol, "heptad_"))
        set_fault (error,
                   "it needs the SDK function %s, which this host's SDK %d.%d does not have; "
                   "build the plugin against this SDK or update the host",
                   symbol, HEPTAD_ABI_MAJOR, HEPTAD_ABI_MINOR);
      else
        set_fault (error,
                   "it needs the symbol %s, which no library that it is linked with has; add the "
                   "missing source or library and link with -Wl,-z,defs to see this at build time",
                   symbol);
      return;
    }

  if (missing != NULL)
    {
      g_autofree char *library = g_strndup (message, (gsize) (missing - message));
      g_autofree char *beside = g_build_filename (bundle_dir, library, NULL);

      if (g_file_test (beside, G_FILE_TEST_EXISTS))
        set_fault (error,
                   "it needs %s, a private library beside it, which two generations of the plugin "
                   "would share; link that library into the module statically",
                   library);
      else
        set_fault (
            error,
            "it needs the library %s, which is not installed; install the package that has it",
            library);
      return;
    }
  set_fault (error, "the dynamic loader refuses it: %s; build the plugin again", message);
}

static gboolean
check_private_libraries (void *handle,
                         const char *module_path,
                         const char *bundle_dir,
                         GError **error)
{
  g_autofree char *prefix = g_strconcat (bundle_dir, G_DIR_SEPARATOR_S, NULL);
  struct link_map *first = NULL;

  if (dlinfo (handle, RTLD_DI_LINKMAP, &first) != 0)
    return TRUE;

  for (struct link_map *map = first; map != NULL; map = map->l_next)
    {
      g_autofree char *real = realpath (map->l_name, NULL);

      if (real == NULL || strcmp (real, module_path) == 0 || !g_str_has_prefix (real, prefix))
        continue;
      set_fault (error,
                 "it loads %s, a private library beside it, which two generations of the plugin "
                 "would share; link that library into the module statically",
                 strrchr (real, '/') + 1);
      return FALSE;
    }
  return TRUE;
}

/* Copies the names of a table whose entries begin with one and end with a %NULL one. */
static char **
copy_names (const void *table, gsize entry_size)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; table != NULL && i < MAX_ENTRIES; i++)
    {
      const char *name = *(const char *const *) ((const char *) table + i * entry_size);

      if (name == NULL)
        break;
      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

#define COPY_NAMES(descriptor, field)                                                              \
  (HEPTAD_HAS_FIELD (descriptor, field)                                                            \
       ? copy_names ((descriptor)->field, sizeof *(descriptor)->field)                             \
       : g_new0 (char *, 1))

static HeptadProbeReport *
report_descriptor (const HeptadPluginDescriptor *descriptor, GError **error)
{
  HeptadProbeReport *report;

  if (descriptor == NULL || !HEPTAD_HAS_FIELD (descriptor, version) || descriptor->id == NULL
      || descriptor->version == NULL)
    {
      set_fault (error,
                 "its " QUERY_SYMBOL "() gives no descriptor with an id and a version; define "
                 "it with HEPTAD_DEFINE_PLUGIN");
      return NULL;
    }

  report = g_new0 (HeptadProbeReport, 1);
  report->abi_major = descriptor->abi_major;
  report->abi_minor = descriptor->abi_minor;
  report->id = g_utf8_make_valid (descriptor->id, -1);
  report->version = g_utf8_make_valid (descriptor->version, -1);

  /* The layout of another major version is not known here. */
  if (report->abi_major != HEPTAD_ABI_MAJOR)
    {
      report->operations = g_new0 (char *, 1);
      report->jobs = g_new0 (char *, 1);
      report->events = g_new0 (char *, 1);
      return report;
    }
  report->operations = COPY_NAMES (descriptor, operations);
  report->jobs = COPY_NAMES (descriptor, jobs);
  report->events = COPY_NAMES (descriptor, events);
  return report;
}

static HeptadProbeReport *
query_module (void *handle, GError **error)
{
  HeptadPluginQueryFunc query = NULL;
  guint serial = g_type_get_type_registration_serial ();
  HeptadProbeReport *report;

  *(void **) &query = dlsym (handle, QUERY_SYMBOL);
  if (query == NULL)
    {
      set_fault (error,
                 "it does not export " QUERY_SYMBOL "(); add HEPTAD_DEFINE_PLUGIN (...) to one "
                 "of its sources");
      return NULL;
    }

  report = report_descriptor (query (), error);
  if (report != NULL && g_type_get_type_registration_serial () != serial)
    {
      g_clear_pointer (&report, heptad_probe_report_free);
      set_fault (error,
                 "it registers GTypes while it is queried; " QUERY_SYMBOL "() may only return "
                 "the descriptor");
    }
  return report;
}

static HeptadProbeReport *
probe (const char *path, const char *bundle_dir, int report_fd, GError **error)
{
  void *handle;

  if (!check_image (path, error))
    return NULL;

  write_all (report_fd, HEPTAD_PROBE_STEP_OPEN);
  handle = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL)
    {
      explain_open_error (dlerror (), bundle_dir, error);
      return NULL;
    }
  if (!check_private_libraries (handle, path, bundle_dir, error))
    return NULL;

  write_all (report_fd, HEPTAD_PROBE_STEP_QUERY);
  return query_module (handle, error);
}

gboolean
heptad_probe_child_run (const char *module_path, const char *bundle_dir, int report_fd)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HeptadProbeReport) report = probe (module_path, bundle_dir, report_fd, &error);
  g_autofree char *text = NULL;

  text = report != NULL ? heptad_probe_report_print (report)
                        : heptad_probe_report_print_refusal (error->message);
  write_all (report_fd, HEPTAD_PROBE_STEP_DONE);
  write_all (report_fd, text);
  return report != NULL;
}
