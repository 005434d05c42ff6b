/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/operations/router.h"

#include <string.h>

typedef struct {
  GHashTable *children;  /* (nullable) literal segment -> node */
  gpointer any;          /* (nullable) the node behind a `{name}` */
  GPtrArray *operations; /* (nullable) of every method that ends here */
} Node;

struct _HeptadRouter {
  Node *root;
};

/* A key is a slice of somebody's path, so that matching copies nothing. */
typedef struct {
  const char *text;
  gsize length;
} Segment;

static guint
segment_hash (gconstpointer key)
{
  const Segment *segment = key;
  guint hash = 2166136261u;

  for (gsize i = 0; i < segment->length; i++)
    hash = (hash ^ (guchar) segment->text[i]) * 16777619u;
  return hash;
}

static gboolean
segment_equal (gconstpointer a, gconstpointer b)
{
  const Segment *one = a, *other = b;

  return one->length == other->length && memcmp (one->text, other->text, one->length) == 0;
}

static void
node_free (gpointer data)
{
  Node *node = data;

  if (node == NULL)
    return;
  g_clear_pointer (&node->children, g_hash_table_unref);
  g_clear_pointer (&node->operations, g_ptr_array_unref);
  node_free (node->any);
  g_free (node);
}

HeptadRouter *
heptad_router_new (void)
{
  HeptadRouter *router = g_new0 (HeptadRouter, 1);

  router->root = g_new0 (Node, 1);
  return router;
}

void
heptad_router_free (HeptadRouter *router)
{
  if (router == NULL)
    return;
  node_free (router->root);
  g_free (router);
}

/* Takes the segment after the slash at *path; FALSE at the end. */
static gboolean
next_segment (const char **path, Segment *segment)
{
  const char *end;

  if (**path != '/')
    return FALSE;
  segment->text = *path + 1;
  end = strchrnul (segment->text, '/');
  segment->length = (gsize) (end - segment->text);
  *path = end;
  return TRUE;
}

static Node *
get_or_add_child (Node *node, const Segment *segment)
{
  Node *child;
  Segment *key;

  if (segment->length > 1 && segment->text[0] == '{')
    {
      if (node->any == NULL)
        node->any = g_new0 (Node, 1);
      return node->any;
    }
  if (node->children == NULL)
    node->children = g_hash_table_new_full (segment_hash, segment_equal, g_free, node_free);
  child = g_hash_table_lookup (node->children, segment);
  if (child == NULL)
    {
      child = g_new0 (Node, 1);
      key = g_new (Segment, 1);
      *key = *segment; /* the operation's own path, which lives as long as the router */
      g_hash_table_insert (node->children, key, child);
    }
  return child;
}

static HeptadOperation *
find_method (Node *node, const char *method)
{
  for (guint i = 0; node->operations != NULL && i < node->operations->len; i++)
    {
      HeptadOperation *operation = node->operations->pdata[i];

      if (strcmp (operation->method, method) == 0)
        return operation;
    }
  return NULL;
}

gboolean
heptad_router_add (HeptadRouter *router, HeptadOperation *operation, GError **error)
{
  const char *path = operation->path;
  Node *node = router->root;
  HeptadOperation *other;
  Segment segment;

  while (next_segment (&path, &segment))
    node = get_or_add_child (node, &segment);

  other = find_method (node, operation->method);
  if (other != NULL)
    {
      g_set_error (error, HEPTAD_ERROR, HEPTAD_ERROR_PLUGIN_FAULT,
                   "%s %s of operation '%s' is already taken by operation '%s'; give one of them "
                   "another path",
                   operation->method, operation->path, operation->qualified, other->qualified);
      return FALSE;
    }
  if (node->operations == NULL)
    node->operations = g_ptr_array_new ();
  g_ptr_array_add (node->operations, operation);
  return TRUE;
}

/* Depth first, literal before any: a path whose literal branch leads nowhere still finds `{name}`.
 * The depth is that of the declared paths, which a client cannot deepen. */
static Node *
descend (Node *node, const char *path, HeptadRouteMatch *match)
{
  Segment segment;
  Node *child, *found;
  guint n_captures = match->n_captures;

  if (!next_segment (&path, &segment))
    return node->operations != NULL ? node : NULL;

  child = node->children != NULL ? g_hash_table_lookup (node->children, &segment) : NULL;
  found = child != NULL ? descend (child, path, match) : NULL;
  if (found != NULL || node->any == NULL || segment.length == 0
      || n_captures == HEPTAD_ROUTE_MAX_CAPTURES)
    return found;

  match->captures[n_captures] = (HeptadCapture){ segment.text, segment.length };
  match->n_captures = n_captures + 1;
  found = descend (node->any, path, match);
  if (found == NULL)
    match->n_captures = n_captures;
  return found;
}

static char *
list_methods (Node *node)
{
  GString *list = g_string_new ("OPTIONS");

  for (guint i = 0; i < node->operations->len; i++)
    {
      HeptadOperation *operation = node->operations->pdata[i];

      g_string_append_printf (list, ", %s", operation->method);
      if (strcmp (operation->method, "GET") == 0)
        g_string_append (list, ", HEAD");
    }
  return g_string_free (list, FALSE);
}

gboolean
heptad_router_match (HeptadRouter *router,
                     const char *method,
                     const char *path,
                     HeptadRouteMatch *match)
{
  Node *node;

  match->operation = NULL;
  match->allow = NULL;
  match->n_captures = 0;

  node = descend (router->root, path, match);
  if (node == NULL)
    return FALSE;

  match->operation = find_method (node, strcmp (method, "HEAD") == 0 ? "GET" : method);
  if (match->operation == NULL)
    match->allow = list_methods (node);
  return match->operation != NULL;
}

void
heptad_route_match_clear (HeptadRouteMatch *match)
{
  g_clear_pointer (&match->allow, g_free);
}
