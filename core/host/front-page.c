/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/host/pages.h"

#include "core/host/build-paths.h"

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>Heptad</title>\n<link rel=\"stylesheet\" href=\"/assets/site.css\">\n"
    "<link rel=\"icon\" href=\"/favicon.ico\" type=\"image/svg+xml\">\n</head>\n<body>\n<main>\n";

static const char foot[] =
    "<h2>Try next</h2>\n"
    "<pre><code>./dev exec heptadctl status\n"
    "./dev exec heptadctl plugin list</code></pre>\n"
    "<p class=\"links\"><a href=\"/docs\">All operations</a> "
    "<a href=\"/openapi.json\">OpenAPI</a> <a href=\"/readyz\">Readiness</a></p>\n"
    "</main>\n</body>\n</html>\n";

static guint
count_operations (HeptadOperationSnapshot *snapshot, const char *plugin_id)
{
  for (guint i = 0; i < snapshot->sets->len; i++)
    {
      HeptadOperationSet *set = snapshot->sets->pdata[i];

      if (g_str_equal (heptad_operation_set_get_plugin_id (set), plugin_id))
        return heptad_operation_set_get_operations (set)->len;
    }
  return 0;
}

static void
print_plugin (GString *page, const HeptadPluginInfo *info, guint n_operations)
{
  g_autofree char *name = g_markup_escape_text (info->name != NULL ? info->name : info->id, -1);
  g_autofree char *summary = g_markup_escape_text (info->summary != NULL ? info->summary : "", -1);
  g_autofree char *version = g_markup_escape_text (info->version != NULL ? info->version : "", -1);
  const char *state = heptad_plugin_state_get_name (info->state);

  g_string_append_printf (
      page,
      "<tr><td><strong>%s</strong> <small>%s</small><br>%s</td>"
      "<td><span class=\"state %s\">%s</span></td><td class=\"number\">%u</td></tr>\n",
      name, version, summary, state, state, n_operations);
}

/* Reasons are for those who may read them: GET /api/v1/host/plugins. */
GBytes *
heptad_front_page_print (HeptadHostDaemon *daemon)
{
  g_autoptr (HeptadOperationSnapshot) snapshot =
      heptad_operation_registry_get_snapshot (daemon->operations);
  g_autoptr (GPtrArray) plugins = heptad_plugin_manager_list (daemon->plugins);
  GString *page = g_string_new (head);

  g_string_append_printf (
      page,
      "<h1>Heptad <small>%s</small></h1>\n"
      "<p class=\"ready\">%s</p>\n<h2>What runs here</h2>\n<table>\n"
      "<thead><tr><th>Plugin</th><th>State</th><th class=\"number\">Operations</th>"
      "</tr></thead>\n<tbody>\n",
      HEPTAD_VERSION,
      heptad_health_is_ready (daemon->health) ? "The host is ready."
                                              : "The host is not ready yet.");
  g_string_append_printf (page,
                          "<tr><td><strong>The host</strong><br>Plugins, users, keys, jobs</td>"
                          "<td><span class=\"state active\">active</span></td>"
                          "<td class=\"number\">%u</td></tr>\n",
                          count_operations (snapshot, "host"));
  for (guint i = 0; i < plugins->len; i++)
    {
      const HeptadPluginInfo *info = plugins->pdata[i];

      print_plugin (page, info, count_operations (snapshot, info->id));
    }
  g_string_append (page, "</tbody>\n</table>\n");
  g_string_append (page, foot);
  return g_string_free_to_bytes (page);
}
