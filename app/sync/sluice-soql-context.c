/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-context.h"

#include <string.h>

#include "sluice-soql-tokens.h"

/* The parts of a query, in their order */
typedef enum
{
  CLAUSE_START,
  CLAUSE_SELECT,
  CLAUSE_TYPEOF,
  CLAUSE_FROM,
  CLAUSE_USING,
  CLAUSE_WHERE,
  CLAUSE_WITH,
  CLAUSE_GROUP,
  CLAUSE_HAVING,
  CLAUSE_ORDER,
  CLAUSE_LIMIT,
  CLAUSE_OFFSET,
  CLAUSE_FOR,
  CLAUSE_ALL,
} Clause;

/* What has been said inside of a clause */
typedef enum
{
  PLACE_OPERAND,  /* nothing: a name comes */
  PLACE_AFTER,    /* enough: a comma, AND, or the next clause comes */
  PLACE_BY,       /* GROUP or ORDER: BY comes */
  PLACE_OPERATOR, /* a field */
  PLACE_VALUE,    /* a field and an operator */
  PLACE_LIST,     /* a field and IN, INCLUDES or EXCLUDES */
  PLACE_NULLS,    /* NULLS: FIRST or LAST comes */
  PLACE_RELATION, /* TYPEOF */
  PLACE_WHEN,     /* TYPEOF … WHEN: an object comes */
  PLACE_THEN,     /* TYPEOF … WHEN …: THEN comes */
  PLACE_NUMBER,   /* LIMIT or OFFSET */
} Place;

typedef enum
{
  FRAME_QUERY,
  FRAME_ARGUMENTS, /* of a function */
  FRAME_GROUP,     /* parentheses in a condition, or a subquery whose SELECT is not there yet */
  FRAME_LIST,      /* the values of IN and the like */
} FrameKind;

#define NO_FRAME G_MAXUINT

/* What FROM names, and what the rest of the query calls it */
typedef struct
{
  SluiceSoqlToken name;
  SluiceSoqlToken alias;
} Source;

/* A query or what is in parentheses */
typedef struct
{
  FrameKind kind;
  Clause clause;
  Place place;
  guint parent;
  gboolean is_child;          /* of a query: in the SELECT list of another */
  SluiceSoqlToken callee;     /* what would be a function's name if a parenthesis came */
  SluiceSoqlToken function;   /* of arguments */
  SluiceSoqlToken operand;    /* what a value is compared with */
  SluiceSoqlToken comparison; /* the function around it */
  SluiceSoqlToken object;     /* of TYPEOF … WHEN */
  GArray *sources;            /* of a query (element-type Source) */
} Frame;

typedef struct
{
  const char *text;
  GArray *frames;             /* (element-type Frame) */
  guint current;
} Parser;

static const char * const start_words[] = { "SELECT", NULL };
static const char * const show_words[] = { "TYPEOF", NULL };
static const char * const after_show_words[] = { "FROM", NULL };
static const char * const fields_words[] = { "ALL", "CUSTOM", "STANDARD", NULL };
static const char * const typeof_words[] = { "WHEN", NULL };
static const char * const then_words[] = { "THEN", NULL };
static const char * const after_then_words[] = { "WHEN", "ELSE", "END", NULL };
static const char * const after_from_words[] = {
  "WHERE", "ORDER BY", "LIMIT", "GROUP BY", "OFFSET", "USING SCOPE", "WITH", "FOR", "ALL ROWS", NULL
};
static const char * const scope_words[] = { "SCOPE", NULL };
static const char * const scope_values[] = {
  "everything", "mine", "delegated", "team", "my_territory", "my_team_territory", NULL
};
static const char * const condition_words[] = { "NOT", NULL };
static const char * const operator_words[] = { "LIKE", "IN", "NOT IN", "INCLUDES", "EXCLUDES", NULL };
static const char * const value_words[] = { "NULL", "TRUE", "FALSE", NULL };
static const char * const after_where_words[] = {
  "AND", "OR", "ORDER BY", "LIMIT", "GROUP BY", "OFFSET", "WITH", "FOR", "ALL ROWS", NULL
};
static const char * const after_value_words[] = { "AND", "OR", NULL };
static const char * const with_words[] = { "SECURITY_ENFORCED", "USER_MODE", "SYSTEM_MODE", "DATA CATEGORY", NULL };
static const char * const after_with_words[] = { "ORDER BY", "LIMIT", "GROUP BY", "OFFSET", "FOR", NULL };
static const char * const by_words[] = { "BY", NULL };
static const char * const after_group_words[] = { "HAVING", "ORDER BY", "LIMIT", "OFFSET", NULL };
static const char * const after_having_words[] = { "AND", "OR", "ORDER BY", "LIMIT", "OFFSET", NULL };
static const char * const after_sort_words[] = {
  "ASC", "DESC", "NULLS FIRST", "NULLS LAST", "LIMIT", "OFFSET", "FOR", "ALL ROWS", NULL
};
static const char * const nulls_words[] = { "FIRST", "LAST", NULL };
static const char * const after_limit_words[] = { "OFFSET", "FOR", "ALL ROWS", NULL };
static const char * const after_offset_words[] = { "FOR", "ALL ROWS", NULL };
static const char * const for_words[] = { "VIEW", "REFERENCE", "UPDATE", NULL };
static const char * const all_words[] = { "ROWS", NULL };

static Frame *
get_frame (Parser *parser,
           guint   i)
{
  return &g_array_index (parser->frames, Frame, i);
}

static Frame *
get_current (Parser *parser)
{
  return get_frame (parser, parser->current);
}

static gboolean
is (Parser                *parser,
    const SluiceSoqlToken *token,
    const char            *word)
{
  return sluice_soql_token_is (token, parser->text, word);
}

static gboolean
is_symbol (Parser                *parser,
           const SluiceSoqlToken *token,
           char                   symbol)
{
  return token->kind == SLUICE_SOQL_TOKEN_SYMBOL && parser->text[token->start] == symbol;
}

static gboolean
is_there (const SluiceSoqlToken *token)
{
  return token->kind != SLUICE_SOQL_TOKEN_END;
}

static void
clear_frame (gpointer data)
{
  g_clear_pointer (&((Frame *) data)->sources, g_array_unref);
}

static void
push_frame (Parser   *parser,
            FrameKind kind,
            Clause    clause,
            Place     place)
{
  Frame frame = { .kind = kind, .clause = clause, .place = place, .parent = parser->current };

  if (kind == FRAME_QUERY)
    frame.sources = g_array_new (FALSE, TRUE, sizeof (Source));

  g_array_append_val (parser->frames, frame);
  parser->current = parser->frames->len - 1;
}

static gboolean
can_start_query (const Frame *frame)
{
  return frame->place == PLACE_OPERAND || (frame->kind == FRAME_LIST && frame->place == PLACE_VALUE);
}

/* The query that a clause belongs to: parentheses that are still open were forgotten. */
static Frame *
close_to_query (Parser *parser)
{
  while (get_current (parser)->kind != FRAME_QUERY && get_current (parser)->parent != NO_FRAME)
    parser->current = get_current (parser)->parent;

  return get_current (parser);
}

static void
begin_query (Parser *parser)
{
  Frame *frame = get_current (parser);

  if (frame->kind != FRAME_QUERY && can_start_query (frame))
    {
      frame->kind = FRAME_QUERY;
      frame->is_child = get_frame (parser, frame->parent)->clause <= CLAUSE_SELECT;
      frame->sources = g_array_new (FALSE, TRUE, sizeof (Source));
    }
  else if (frame->kind != FRAME_QUERY || frame->clause != CLAUSE_START)
    {
      /* Several queries, one below the other */
      parser->current = NO_FRAME;
      push_frame (parser, FRAME_QUERY, CLAUSE_START, PLACE_OPERAND);
      frame = get_current (parser);
    }

  frame->clause = CLAUSE_SELECT;
  frame->place = PLACE_OPERAND;
}

static void
begin_from (Parser *parser)
{
  Frame *frame = close_to_query (parser);

  if (frame->clause >= CLAUSE_FROM && frame->parent != NO_FRAME)
    {
      parser->current = frame->parent;
      frame = close_to_query (parser);
    }

  g_array_set_size (frame->sources, 0);
  frame->clause = CLAUSE_FROM;
  frame->place = PLACE_OPERAND;
}

/* ORDER and GROUP are objects and relationships, too. */
static gboolean
is_sorting (Parser                *parser,
            const SluiceSoqlToken *token)
{
  SluiceSoqlToken next = sluice_soql_token_next (parser->text, token->end);
  Frame *frame = get_current (parser);

  return is (parser, &next, "BY") ||
         (frame->clause > CLAUSE_TYPEOF && (frame->place == PLACE_AFTER || frame->place == PLACE_NUMBER));
}

static gboolean
begin_clause (Parser                *parser,
              const SluiceSoqlToken *token)
{
  static const struct
  {
    const char *word;
    Clause clause;
    Place place;
    gboolean is_name;
  } clauses[] = {
    { "USING", CLAUSE_USING, PLACE_OPERAND, FALSE },
    { "WHERE", CLAUSE_WHERE, PLACE_OPERAND, FALSE },
    { "WITH", CLAUSE_WITH, PLACE_OPERAND, FALSE },
    { "GROUP", CLAUSE_GROUP, PLACE_BY, TRUE },
    { "HAVING", CLAUSE_HAVING, PLACE_OPERAND, FALSE },
    { "ORDER", CLAUSE_ORDER, PLACE_BY, TRUE },
    { "LIMIT", CLAUSE_LIMIT, PLACE_NUMBER, FALSE },
    { "OFFSET", CLAUSE_OFFSET, PLACE_NUMBER, FALSE },
    { "FOR", CLAUSE_FOR, PLACE_OPERAND, FALSE },
  };

  if (is (parser, token, "SELECT"))
    {
      begin_query (parser);
      return TRUE;
    }

  if (is (parser, token, "FROM"))
    {
      begin_from (parser);
      return TRUE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (clauses); i++)
    {
      Frame *frame;

      if (!is (parser, token, clauses[i].word) || (clauses[i].is_name && !is_sorting (parser, token)))
        continue;

      frame = close_to_query (parser);
      frame->clause = clauses[i].clause;
      frame->place = clauses[i].place;
      return TRUE;
    }

  return FALSE;
}

static void
take_operand (Frame                 *frame,
              const SluiceSoqlToken *token,
              Place                  next)
{
  frame->callee = *token;
  frame->operand = *token;
  frame->comparison = (SluiceSoqlToken) { 0 };
  frame->place = next;
}

/* A name in the SELECT list, in GROUP BY, in ORDER BY or between the parentheses of a function */
static void
take_listed (Parser                *parser,
             Frame                 *frame,
             const SluiceSoqlToken *token)
{
  if (frame->place == PLACE_BY)
    frame->place = is (parser, token, "BY") ? PLACE_OPERAND : PLACE_AFTER;
  else if (frame->place == PLACE_OPERAND && frame->clause == CLAUSE_SELECT && is (parser, token, "TYPEOF"))
    {
      frame->clause = CLAUSE_TYPEOF;
      frame->place = PLACE_RELATION;
    }
  else if (frame->place == PLACE_OPERAND)
    take_operand (frame, token, PLACE_AFTER);
  else if (is (parser, token, "NULLS"))
    frame->place = PLACE_NULLS;
  else
    frame->place = PLACE_AFTER;
}

static void
take_typeof (Parser                *parser,
             Frame                 *frame,
             const SluiceSoqlToken *token)
{
  if (is (parser, token, "END"))
    {
      frame->clause = CLAUSE_SELECT;
      frame->place = PLACE_AFTER;
    }
  else if (is (parser, token, "WHEN"))
    frame->place = PLACE_WHEN;
  else if (is (parser, token, "THEN"))
    frame->place = PLACE_OPERAND;
  else if (is (parser, token, "ELSE"))
    {
      frame->object = (SluiceSoqlToken) { 0 };
      frame->place = PLACE_OPERAND;
    }
  else if (frame->place == PLACE_WHEN)
    {
      frame->object = *token;
      frame->place = PLACE_THEN;
    }
  else if (frame->place == PLACE_RELATION)
    take_operand (frame, token, PLACE_RELATION);
  else
    frame->place = PLACE_AFTER;
}

static void
take_source (Parser                *parser,
             Frame                 *frame,
             const SluiceSoqlToken *token)
{
  Source source = { .name = *token };

  if (frame->place == PLACE_OPERAND)
    g_array_append_val (frame->sources, source);
  else if (frame->sources->len > 0 && !is (parser, token, "AS"))
    g_array_index (frame->sources, Source, frame->sources->len - 1).alias = *token;

  frame->place = PLACE_AFTER;
}

static void
take_condition (Parser                *parser,
                Frame                 *frame,
                const SluiceSoqlToken *token)
{
  if (is (parser, token, "AND") || is (parser, token, "OR"))
    frame->place = PLACE_OPERAND;
  else if (is (parser, token, "NOT"))
    return;
  else if (frame->place == PLACE_OPERATOR && is (parser, token, "LIKE"))
    frame->place = PLACE_VALUE;
  else if (frame->place == PLACE_OPERATOR)
    frame->place = PLACE_LIST;
  else if (frame->place == PLACE_OPERAND)
    take_operand (frame, token, PLACE_OPERATOR);
  else
    {
      frame->place = PLACE_AFTER;
      frame->callee = *token;
    }
}

static void
take_name (Parser                *parser,
           const SluiceSoqlToken *token)
{
  Frame *frame = get_current (parser);

  frame->callee = (SluiceSoqlToken) { 0 };
  if (begin_clause (parser, token))
    return;

  if (is (parser, token, "ALL") && frame->kind == FRAME_QUERY && frame->clause >= CLAUSE_FROM && frame->place == PLACE_AFTER)
    {
      frame->clause = CLAUSE_ALL;
      frame->place = PLACE_OPERAND;
    }
  else if (frame->kind == FRAME_ARGUMENTS)
    take_listed (parser, frame, token);
  else if (frame->kind == FRAME_LIST)
    frame->place = PLACE_AFTER;
  else if (frame->clause == CLAUSE_SELECT || frame->clause == CLAUSE_GROUP || frame->clause == CLAUSE_ORDER)
    take_listed (parser, frame, token);
  else if (frame->clause == CLAUSE_TYPEOF)
    take_typeof (parser, frame, token);
  else if (frame->clause == CLAUSE_FROM && frame->kind == FRAME_QUERY)
    take_source (parser, frame, token);
  else if (frame->clause == CLAUSE_WHERE || frame->clause == CLAUSE_HAVING)
    take_condition (parser, frame, token);
  else if (frame->clause == CLAUSE_USING && is (parser, token, "SCOPE"))
    frame->place = PLACE_VALUE;
  else
    frame->place = PLACE_AFTER;
}

static void
open_parenthesis (Parser *parser)
{
  Frame *frame = get_current (parser);
  SluiceSoqlToken callee = frame->callee;
  SluiceSoqlToken operand = frame->operand;

  if (is_there (&callee))
    {
      push_frame (parser, FRAME_ARGUMENTS, frame->clause, PLACE_OPERAND);
      get_current (parser)->function = callee;
    }
  else if (frame->place == PLACE_LIST || frame->place == PLACE_VALUE)
    {
      push_frame (parser, FRAME_LIST, frame->clause, PLACE_VALUE);
      get_current (parser)->operand = operand;
      get_current (parser)->comparison = get_frame (parser, get_current (parser)->parent)->comparison;
    }
  else
    push_frame (parser, FRAME_GROUP, frame->clause, PLACE_OPERAND);
}

static void
close_parenthesis (Parser *parser)
{
  Frame *frame = get_current (parser);
  Frame *parent;

  if (frame->parent == NO_FRAME)
    return;

  parser->current = frame->parent;
  parent = get_current (parser);
  if (frame->kind != FRAME_ARGUMENTS)
    parent->place = PLACE_AFTER;
  else if (parent->place == PLACE_OPERATOR || parent->kind == FRAME_ARGUMENTS)
    {
      parent->operand = frame->operand;
      parent->comparison = frame->function;
    }
}

static void
take_comma (Frame *frame)
{
  frame->place = frame->kind == FRAME_LIST ? PLACE_VALUE : PLACE_OPERAND;
}

static void
take_symbol (Parser                *parser,
             const SluiceSoqlToken *token)
{
  Frame *frame = get_current (parser);

  if (is_symbol (parser, token, '('))
    open_parenthesis (parser);
  else if (is_symbol (parser, token, ')'))
    close_parenthesis (parser);
  else if (is_symbol (parser, token, ','))
    take_comma (frame);
  else if (is_symbol (parser, token, ';'))
    {
      parser->current = NO_FRAME;
      push_frame (parser, FRAME_QUERY, CLAUSE_START, PLACE_OPERAND);
    }
  else if (frame->place == PLACE_OPERATOR)
    frame->place = PLACE_VALUE;

  frame = get_current (parser);
  frame->callee = (SluiceSoqlToken) { 0 };
}

static void
take_token (Parser                *parser,
            const SluiceSoqlToken *token)
{
  switch (token->kind)
    {
    case SLUICE_SOQL_TOKEN_NAME:
      take_name (parser, token);
      break;

    case SLUICE_SOQL_TOKEN_SYMBOL:
      take_symbol (parser, token);
      break;

    case SLUICE_SOQL_TOKEN_NUMBER:
    case SLUICE_SOQL_TOKEN_TEXT:
    case SLUICE_SOQL_TOKEN_OPEN_TEXT:
      get_current (parser)->callee = (SluiceSoqlToken) { 0 };
      get_current (parser)->place = PLACE_AFTER;
      break;

    case SLUICE_SOQL_TOKEN_END:
    default:
      break;
    }
}

/* What was found */

static char *
dup_token (Parser                *parser,
           const SluiceSoqlToken *token)
{
  return g_strndup (parser->text + token->start, token->end - token->start);
}

static Source *
find_alias (Parser     *parser,
            GArray     *sources,
            const char *name)
{
  for (guint i = 0; i < sources->len; i++)
    {
      Source *source = &g_array_index (sources, Source, i);

      if (is_there (&source->alias) &&
          strlen (name) == source->alias.end - source->alias.start &&
          g_ascii_strncasecmp (name, parser->text + source->alias.start, strlen (name)) == 0)
        return source;
    }

  return NULL;
}

/* Replaces an alias at the head of a path by what it stands for, seen from the object of FROM. */
static void
resolve_alias (Parser    *parser,
               GArray    *sources,
               GPtrArray *path)
{
  /* One alias may lead to the next, and a text that is not finished may lead back. */
  for (guint i = 0; i <= sources->len && path->len > 0; i++)
    {
      Source *first = sources->len > 0 ? &g_array_index (sources, Source, 0) : NULL;
      Source *source = find_alias (parser, sources, g_ptr_array_index (path, 0));
      g_auto(GStrv) parts = NULL;
      g_autofree char *name = NULL;

      if (source == NULL && (first == NULL || !is (parser, &first->name, g_ptr_array_index (path, 0))))
        return;

      g_ptr_array_remove_index (path, 0);
      if (source == NULL || source == first)
        return;

      name = dup_token (parser, &source->name);
      parts = g_strsplit (name, ".", -1);
      for (guint j = g_strv_length (parts); j > 0; j--)
        {
          if (*parts[j - 1] != '\0')
            g_ptr_array_insert (path, 0, g_strdup (parts[j - 1]));
        }
    }
}

static GPtrArray *
split_path (Parser *parser,
            GArray *sources,
            gsize   start,
            gsize   end)
{
  g_autoptr(GPtrArray) path = g_ptr_array_new_null_terminated (4, g_free, TRUE);
  g_autofree char *text = g_strndup (parser->text + start, end - start);
  g_auto(GStrv) parts = g_strsplit (text, ".", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0')
        g_ptr_array_add (path, g_strdup (parts[i]));
    }

  resolve_alias (parser, sources, path);

  return g_steal_pointer (&path);
}

static guint
find_query (Parser *parser,
            guint   frame)
{
  while (get_frame (parser, frame)->kind != FRAME_QUERY)
    frame = get_frame (parser, frame)->parent;

  return frame;
}

/* The object, then the child relationships that lead to the query; NULL while one of them is not there. */
static char **
list_from (Parser *parser,
           guint   query)
{
  g_autoptr(GPtrArray) from = g_ptr_array_new_null_terminated (4, g_free, TRUE);

  while (TRUE)
    {
      Frame *frame = get_frame (parser, query);
      Source *source;
      char *name;
      const char *dot;

      if (frame->sources->len == 0)
        return NULL;

      source = &g_array_index (frame->sources, Source, 0);
      name = dup_token (parser, &source->name);
      dot = strrchr (name, '.');
      if (dot != NULL)
        memmove (name, dot + 1, strlen (dot));
      g_ptr_array_insert (from, 0, name);

      if (!frame->is_child)
        return (char **) g_ptr_array_free (g_steal_pointer (&from), FALSE);

      query = find_query (parser, frame->parent);
    }
}

static SluiceSoqlUse
get_use (const Frame *frame)
{
  switch (frame->clause)
    {
    case CLAUSE_WHERE:
      return SLUICE_SOQL_USE_FILTER;

    case CLAUSE_GROUP:
      return SLUICE_SOQL_USE_GROUP;

    case CLAUSE_HAVING:
      return SLUICE_SOQL_USE_FILTER_GROUPS;

    case CLAUSE_ORDER:
      return SLUICE_SOQL_USE_SORT;

    case CLAUSE_START:
    case CLAUSE_SELECT:
    case CLAUSE_TYPEOF:
    case CLAUSE_FROM:
    case CLAUSE_USING:
    case CLAUSE_WITH:
    case CLAUSE_LIMIT:
    case CLAUSE_OFFSET:
    case CLAUSE_FOR:
    case CLAUSE_ALL:
    default:
      return SLUICE_SOQL_USE_SHOW;
    }
}

static void
expect (SluiceSoqlContext  *self,
        SluiceSoqlExpected  expected,
        const char * const *keywords)
{
  self->expected = expected;
  self->keywords = keywords;
}

static void
expect_field (SluiceSoqlContext  *self,
              const char * const *keywords)
{
  expect (self, SLUICE_SOQL_EXPECTS_FIELD, keywords);
  self->functions = sluice_soql_get_functions (self->use);
}

static void
expect_condition (SluiceSoqlContext  *self,
                  const Frame        *frame,
                  const char * const *after)
{
  switch (frame->place)
    {
    case PLACE_OPERAND:
      expect_field (self, condition_words);
      break;

    case PLACE_OPERATOR:
      self->keywords = operator_words;
      break;

    case PLACE_VALUE:
      expect (self, SLUICE_SOQL_EXPECTS_VALUE, value_words);
      break;

    case PLACE_AFTER:
      self->keywords = frame->kind == FRAME_QUERY ? after : after_value_words;
      break;

    case PLACE_BY:
    case PLACE_LIST:
    case PLACE_NULLS:
    case PLACE_RELATION:
    case PLACE_WHEN:
    case PLACE_THEN:
    case PLACE_NUMBER:
    default:
      break;
    }
}

static void
expect_listed (SluiceSoqlContext  *self,
               const Frame        *frame,
               const char * const *keywords,
               const char * const *after)
{
  if (frame->place == PLACE_BY)
    self->keywords = by_words;
  else if (frame->place == PLACE_NULLS)
    self->keywords = nulls_words;
  else if (frame->place == PLACE_OPERAND)
    expect_field (self, keywords);
  else
    self->keywords = after;
}

static void
expect_in_typeof (SluiceSoqlContext *self,
                  Parser            *parser,
                  const Frame       *frame)
{
  if (frame->place == PLACE_RELATION && is_there (&frame->callee))
    self->keywords = typeof_words;
  else if (frame->place == PLACE_RELATION)
    expect (self, SLUICE_SOQL_EXPECTS_PARENT, NULL);
  else if (frame->place == PLACE_WHEN)
    expect (self, SLUICE_SOQL_EXPECTS_OBJECT, NULL);
  else if (frame->place == PLACE_THEN)
    self->keywords = then_words;
  else if (frame->place == PLACE_OPERAND)
    {
      expect (self, SLUICE_SOQL_EXPECTS_FIELD, NULL);
      g_strfreev (self->from);
      self->from = g_new0 (char *, 2);
      self->from[0] = is_there (&frame->object) ? dup_token (parser, &frame->object) : g_strdup ("Name");
    }
  else
    self->keywords = after_then_words;
}

static void
expect_source (SluiceSoqlContext *self,
               Parser            *parser,
               const Frame       *frame)
{
  if (frame->place == PLACE_AFTER)
    {
      self->keywords = after_from_words;
      return;
    }

  /* After a comma come paths with an alias: parents of the object. */
  if (frame->sources->len > 0 && g_array_index (frame->sources, Source, 0).name.start < self->start)
    {
      expect (self, SLUICE_SOQL_EXPECTS_PARENT, NULL);
      return;
    }

  g_clear_pointer (&self->from, g_strfreev);
  if (frame->is_child)
    self->from = list_from (parser, find_query (parser, frame->parent));
  expect (self, frame->is_child ? SLUICE_SOQL_EXPECTS_CHILDREN : SLUICE_SOQL_EXPECTS_OBJECT, NULL);
}

static void
expect_scope (SluiceSoqlContext *self,
              const Frame       *frame)
{
  if (frame->place == PLACE_AFTER)
    self->keywords = after_from_words;
  else
    self->keywords = frame->place == PLACE_VALUE ? scope_values : scope_words;
}

static void
expect_in_query (SluiceSoqlContext *self,
                 Parser            *parser,
                 const Frame       *frame)
{
  switch (frame->clause)
    {
    case CLAUSE_START:
      self->keywords = start_words;
      break;

    case CLAUSE_SELECT:
      expect_listed (self, frame, show_words, after_show_words);
      break;

    case CLAUSE_TYPEOF:
      expect_in_typeof (self, parser, frame);
      break;

    case CLAUSE_FROM:
      expect_source (self, parser, frame);
      break;

    case CLAUSE_USING:
      expect_scope (self, frame);
      break;

    case CLAUSE_WHERE:
      expect_condition (self, frame, after_where_words);
      break;

    case CLAUSE_WITH:
      self->keywords = frame->place == PLACE_AFTER ? after_with_words : with_words;
      break;

    case CLAUSE_GROUP:
      expect_listed (self, frame, NULL, after_group_words);
      break;

    case CLAUSE_HAVING:
      expect_condition (self, frame, after_having_words);
      break;

    case CLAUSE_ORDER:
      expect_listed (self, frame, NULL, after_sort_words);
      break;

    case CLAUSE_LIMIT:
      self->keywords = frame->place == PLACE_AFTER ? after_limit_words : NULL;
      break;

    case CLAUSE_OFFSET:
      self->keywords = frame->place == PLACE_AFTER ? after_offset_words : NULL;
      break;

    case CLAUSE_FOR:
      self->keywords = for_words;
      break;

    case CLAUSE_ALL:
    default:
      self->keywords = frame->place == PLACE_AFTER ? NULL : all_words;
      break;
    }
}

static void
expect_in_frame (SluiceSoqlContext *self,
                 Parser            *parser,
                 const Frame       *frame)
{
  if (frame->kind == FRAME_QUERY)
    expect_in_query (self, parser, frame);
  else if (frame->kind == FRAME_LIST)
    {
      if (frame->place == PLACE_VALUE)
        expect (self, SLUICE_SOQL_EXPECTS_VALUE, start_words);
    }
  else if (frame->kind == FRAME_ARGUMENTS && is (parser, &frame->function, "FIELDS"))
    self->keywords = fields_words;
  else if (frame->kind == FRAME_ARGUMENTS)
    expect_listed (self, frame, NULL, NULL);
  else if (frame->clause == CLAUSE_WHERE || frame->clause == CLAUSE_HAVING)
    expect_condition (self, frame, after_value_words);
  else
    self->keywords = start_words;
}

/* Whether a function has values like those of its field. */
static gboolean
keeps_values (Parser                *parser,
              const SluiceSoqlToken *function)
{
  static const char * const names[] = { "toLabel", "convertCurrency", "convertTimezone", "DAY_ONLY", "MAX", "MIN" };

  if (!is_there (function))
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (is (parser, function, names[i]))
        return TRUE;
    }

  return FALSE;
}

static void
describe_value (SluiceSoqlContext *self,
                Parser            *parser,
                GArray            *sources,
                const Frame       *frame)
{
  g_autoptr(GPtrArray) path = NULL;

  if (!is_there (&frame->operand) || !keeps_values (parser, &frame->comparison))
    return;

  path = split_path (parser, sources, frame->operand.start, frame->operand.end);
  self->field = g_strjoinv (".", (char **) path->pdata);
  self->by_label = is (parser, &frame->comparison, "toLabel");
}

/* The path before the name: of `Account.Owner.Na` all but the last part. */
static void
describe_path (SluiceSoqlContext     *self,
               Parser                *parser,
               GArray                *sources,
               const SluiceSoqlToken *word,
               gsize                  place)
{
  const char *dot = g_strrstr_len (parser->text + word->start, (gssize) (place - word->start), ".");
  g_autoptr(GPtrArray) path = NULL;

  if (dot == NULL)
    return;

  self->start = (gsize) (dot + 1 - parser->text);
  self->keywords = NULL;
  self->functions = NULL;

  path = split_path (parser, sources, word->start, self->start);
  g_strfreev (self->path);
  self->path = (char **) g_ptr_array_free (g_steal_pointer (&path), FALSE);
}

static gboolean
is_inside (const SluiceSoqlToken *token,
           gsize                  place)
{
  switch (token->kind)
    {
    case SLUICE_SOQL_TOKEN_NAME:
    case SLUICE_SOQL_TOKEN_NUMBER:
    case SLUICE_SOQL_TOKEN_OPEN_TEXT:
      return token->start < place && place <= token->end;

    case SLUICE_SOQL_TOKEN_TEXT:
      return token->start < place && place < token->end;

    case SLUICE_SOQL_TOKEN_SYMBOL:
    case SLUICE_SOQL_TOKEN_END:
    default:
      return FALSE;
    }
}

static SluiceSoqlContext *
describe (Parser                *parser,
          const Frame           *frame,
          guint                  frame_index,
          const SluiceSoqlToken *token,
          gsize                  place)
{
  g_autoptr(SluiceSoqlContext) self = g_new0 (SluiceSoqlContext, 1);
  guint query = find_query (parser, frame_index);
  GArray *sources = get_frame (parser, query)->sources;
  gboolean inside = is_inside (token, place);
  gboolean is_text = token->kind == SLUICE_SOQL_TOKEN_TEXT || token->kind == SLUICE_SOQL_TOKEN_OPEN_TEXT;

  self->start = place;
  self->use = get_use (frame);
  self->path = g_new0 (char *, 1);
  if (inside)
    self->start = is_text ? token->start + 1 : token->start;

  /* Nothing helps with a number. */
  if (inside && token->kind == SLUICE_SOQL_TOKEN_NUMBER)
    {
      self->start = place;
      return g_steal_pointer (&self);
    }

  self->from = list_from (parser, query);
  expect_in_frame (self, parser, frame);

  if (inside && is_text)
    {
      self->quoted = TRUE;
      self->closed = token->kind == SLUICE_SOQL_TOKEN_TEXT;
      self->keywords = NULL;
      self->functions = NULL;
      if (self->expected != SLUICE_SOQL_EXPECTS_VALUE)
        self->expected = SLUICE_SOQL_EXPECTS_NOTHING;
    }

  if (self->expected == SLUICE_SOQL_EXPECTS_VALUE)
    describe_value (self, parser, sources, frame);
  else if (inside && token->kind == SLUICE_SOQL_TOKEN_NAME)
    describe_path (self, parser, sources, token, place);

  return g_steal_pointer (&self);
}

/**
 * sluice_soql_context_new:
 * @text: a query, or what may become one
 * @place: a place in it, in bytes from the beginning
 *
 * Tells what may be written at a place of a query.
 *
 * Nothing has to be finished: clauses may be missing before the place and
 * after it, parentheses and quotes may be open. What comes after the place
 * counts as well: it tells which object is read.
 *
 * Returns: (transfer full): what may stand there
 */
SluiceSoqlContext *
sluice_soql_context_new (const char *text,
                         gsize       place)
{
  g_autoptr(GArray) frames = g_array_new (FALSE, TRUE, sizeof (Frame));
  Parser parser = { .text = text, .frames = frames, .current = NO_FRAME };
  SluiceSoqlToken token = { 0 };
  SluiceSoqlToken found = { 0 };
  Frame frame = { 0 };
  guint frame_index = NO_FRAME;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (place <= strlen (text), NULL);

  g_array_set_clear_func (frames, clear_frame);
  push_frame (&parser, FRAME_QUERY, CLAUSE_START, PLACE_OPERAND);

  do
    {
      token = sluice_soql_token_next (text, token.end);

      if (frame_index == NO_FRAME &&
          (is_inside (&token, place) || token.start >= place || token.kind == SLUICE_SOQL_TOKEN_END))
        {
          frame = *get_current (&parser);
          frame_index = parser.current;
          found = token;
          /* Without its closing quote a text ends where it is being written. */
          if (token.kind == SLUICE_SOQL_TOKEN_OPEN_TEXT && is_inside (&token, place))
            token.end = place;
        }

      take_token (&parser, &token);
    }
  while (is_there (&token));

  return describe (&parser, &frame, frame_index, &found, place);
}

void
sluice_soql_context_free (SluiceSoqlContext *self)
{
  g_strfreev (self->from);
  g_strfreev (self->path);
  g_free (self->field);
  g_free (self);
}
