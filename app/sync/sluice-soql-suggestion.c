/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-suggestion.h"

#include <string.h>

G_DEFINE_ENUM_TYPE (SluiceSoqlSuggestionKind, sluice_soql_suggestion_kind,
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_OBJECT, "object"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_CHILDREN, "children"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_FIELD, "field"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_PARENT, "parent"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_VALUE, "value"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_DATE, "date"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_FUNCTION, "function"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SOQL_SUGGESTION_KEYWORD, "keyword"))

struct _SluiceSoqlSuggestion
{
  GObject parent_instance;

  SluiceSoqlSuggestionKind kind;
  char *name;
  char *label;        /* (nullable) */
  char *detail;       /* (nullable) */
  char *folded_name;
  char *folded_label; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SluiceSoqlSuggestion, sluice_soql_suggestion, G_TYPE_OBJECT)

static void
sluice_soql_suggestion_finalize (GObject *object)
{
  SluiceSoqlSuggestion *self = SLUICE_SOQL_SUGGESTION (object);

  g_free (self->name);
  g_free (self->label);
  g_free (self->detail);
  g_free (self->folded_name);
  g_free (self->folded_label);

  G_OBJECT_CLASS (sluice_soql_suggestion_parent_class)->finalize (object);
}

static void
sluice_soql_suggestion_class_init (SluiceSoqlSuggestionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_soql_suggestion_finalize;
}

static void
sluice_soql_suggestion_init (SluiceSoqlSuggestion *self)
{
}

/**
 * sluice_soql_suggestion_new:
 * @kind: what it is
 * @name: what SOQL calls it
 * @label: (nullable): what users of Salesforce call it
 * @detail: (nullable): more about it, such as a type
 *
 * Returns: (transfer full): the suggestion
 */
SluiceSoqlSuggestion *
sluice_soql_suggestion_new (SluiceSoqlSuggestionKind  kind,
                            const char               *name,
                            const char               *label,
                            const char               *detail)
{
  SluiceSoqlSuggestion *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_SOQL_SUGGESTION, NULL);
  self->kind = kind;
  self->name = g_strdup (name);
  self->label = g_strdup (label);
  self->detail = g_strdup (detail);
  self->folded_name = g_utf8_casefold (name, -1);
  self->folded_label = label != NULL ? g_utf8_casefold (label, -1) : NULL;

  return self;
}

SluiceSoqlSuggestionKind
sluice_soql_suggestion_get_kind (SluiceSoqlSuggestion *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), 0);

  return self->kind;
}

const char *
sluice_soql_suggestion_get_name (SluiceSoqlSuggestion *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), NULL);

  return self->name;
}

const char *
sluice_soql_suggestion_get_label (SluiceSoqlSuggestion *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), NULL);

  return self->label;
}

const char *
sluice_soql_suggestion_get_detail (SluiceSoqlSuggestion *self)
{
  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), NULL);

  return self->detail;
}

/* Whether a word begins there: `City` in `BillingCity`, `Name` in `First Name`. */
static gboolean
begins_word (const char *name,
             gsize       at)
{
  return at == 0 || name[at - 1] == ' ' || name[at - 1] == '_' || g_ascii_isupper (name[at]);
}

/**
 * sluice_soql_suggestion_rank:
 * @self: a suggestion
 * @written: what of it has been written, folded with g_utf8_casefold()
 *
 * Tells how well a suggestion fits: by the start of its name, then by the
 * start of its label, then by what is inside of them.
 *
 * Returns: 0 when it does not fit, else more for what fits better
 */
guint
sluice_soql_suggestion_rank (SluiceSoqlSuggestion *self,
                             const char           *written)
{
  const char *found;

  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), 0);
  g_return_val_if_fail (written != NULL, 0);

  if (strcmp (self->folded_name, written) == 0)
    return 6;
  if (g_str_has_prefix (self->folded_name, written))
    return 5;
  if (self->folded_label != NULL && g_str_has_prefix (self->folded_label, written))
    return 4;

  found = strstr (self->folded_name, written);
  if (found != NULL)
    {
      gsize at = (gsize) (found - self->folded_name);

      /* Folding may change the length of what is no ASCII; then where a word begins is not known. */
      return strlen (self->name) == strlen (self->folded_name) && begins_word (self->name, at) ? 3 : 2;
    }

  return self->folded_label != NULL && strstr (self->folded_label, written) != NULL ? 1 : 0;
}

static char *
escape (const char *value)
{
  GString *escaped = g_string_new (NULL);

  for (const char *at = value; *at != '\0'; at++)
    {
      if (*at == '\'' || *at == '\\')
        g_string_append_c (escaped, '\\');
      g_string_append_c (escaped, *at);
    }

  return g_string_free_and_steal (escaped);
}

/**
 * sluice_soql_suggestion_dup_insertion:
 * @self: a suggestion
 * @quoted: whether it goes into a text in quotes
 * @closed: whether that text has its closing quote
 *
 * Makes the text that a query gets: values with quotes and escapes, functions
 * with a parenthesis, relationships to parents with a dot.
 *
 * Returns: (transfer full): the text
 */
char *
sluice_soql_suggestion_dup_insertion (SluiceSoqlSuggestion *self,
                                      gboolean              quoted,
                                      gboolean              closed)
{
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (SLUICE_IS_SOQL_SUGGESTION (self), NULL);

  switch (self->kind)
    {
    case SLUICE_SOQL_SUGGESTION_PARENT:
      return g_strconcat (self->name, ".", NULL);

    case SLUICE_SOQL_SUGGESTION_FUNCTION:
      return g_strconcat (self->name, "(", NULL);

    case SLUICE_SOQL_SUGGESTION_VALUE:
      escaped = escape (self->name);
      return g_strconcat (quoted ? "" : "'", escaped, closed ? "" : "'", NULL);

    case SLUICE_SOQL_SUGGESTION_OBJECT:
    case SLUICE_SOQL_SUGGESTION_CHILDREN:
    case SLUICE_SOQL_SUGGESTION_FIELD:
    case SLUICE_SOQL_SUGGESTION_DATE:
    case SLUICE_SOQL_SUGGESTION_KEYWORD:
    default:
      return g_strdup (self->name);
    }
}
