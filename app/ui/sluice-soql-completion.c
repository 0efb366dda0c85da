/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-soql-completion"

#include "config.h"

#include "sluice-soql-completion.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-soql-completer.h"
#include "sluice-soql-proposal.h"

/* What comes sooner needs no word about it. */
#define PATIENCE_MS 150

/**
 * SluiceSoqlCompletion:
 *
 * Offers what may be written where the cursor is: what the org calls its
 * objects and fields, and the words of SOQL. While the org is asked the list
 * says so, and nobody has to wait for it.
 */
struct _SluiceSoqlCompletion
{
  GObject parent_instance;

  SluiceDescribeCache *cache;   /* (nullable) */
  SluiceSoqlContext *context;   /* (nullable), of the list that is shown */
  char *written;                /* what of a name there is, folded */
  gboolean is_complete;         /* nothing could be added to it */
  GtkWidget *view;              /* (nullable) (unowned) */
  SluiceSoqlProposal *selected; /* (nullable), as it was last told */
};

/* A list on its way */
typedef struct
{
  GTask *task;                  /* (nullable), until the list is there or says that it is not yet */
  GListStore *proposals;
  guint timeout_id;
} Request;

static void completion_provider_init (GtkSourceCompletionProviderInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSoqlCompletion, sluice_soql_completion, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (GTK_SOURCE_TYPE_COMPLETION_PROVIDER, completion_provider_init))

static SluiceSoqlContext *
read_context (GtkTextBuffer  *buffer,
              char          **written)
{
  g_autofree char *text = NULL;
  GtkTextIter start, end, cursor;
  SluiceSoqlContext *context;
  gsize place;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  text = gtk_text_buffer_get_slice (buffer, &start, &end, TRUE);
  place = (gsize) (g_utf8_offset_to_pointer (text, gtk_text_iter_get_offset (&cursor)) - text);

  context = sluice_soql_context_new (text, place);
  if (written != NULL)
    *written = g_utf8_casefold (text + context->start, (gssize) (place - context->start));

  return context;
}

/* The list */

static guint
rank (SluiceSoqlCompletion *self,
      SluiceSoqlProposal   *proposal)
{
  SluiceSoqlSuggestion *suggestion = sluice_soql_proposal_get_suggestion (proposal);

  /* A message is shown whatever is written. */
  return suggestion != NULL ? sluice_soql_suggestion_rank (suggestion, self->written) : 1;
}

static gboolean
fits (gpointer item,
      gpointer user_data)
{
  SluiceSoqlCompletion *self = user_data;

  return !self->is_complete && rank (self, item) > 0;
}

static int
compare (gconstpointer a,
         gconstpointer b,
         gpointer      user_data)
{
  guint rank_a = rank (user_data, (SluiceSoqlProposal *) a);
  guint rank_b = rank (user_data, (SluiceSoqlProposal *) b);

  return rank_a == rank_b ? 0 : rank_a > rank_b ? -1 : 1;
}

static GListModel *
new_model (SluiceSoqlCompletion *self,
           GListStore           *proposals)
{
  GtkCustomFilter *filter = gtk_custom_filter_new (fits, g_object_ref (self), g_object_unref);
  GtkCustomSorter *sorter = gtk_custom_sorter_new (compare, g_object_ref (self), g_object_unref);
  GtkFilterListModel *filtered = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (proposals)), GTK_FILTER (filter));

  return G_LIST_MODEL (gtk_sort_list_model_new (G_LIST_MODEL (filtered), GTK_SORTER (sorter)));
}

/* When the only thing that fits is what is written, a list would only be in the way. */
static void
find_complete (SluiceSoqlCompletion *self,
               GListModel           *proposals)
{
  guint n_fitting = 0;
  gboolean is_written = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (proposals) && n_fitting < 2; i++)
    {
      g_autoptr(SluiceSoqlProposal) proposal = g_list_model_get_item (proposals, i);
      SluiceSoqlSuggestion *suggestion = sluice_soql_proposal_get_suggestion (proposal);
      g_autofree char *name = NULL;

      if (rank (self, proposal) == 0)
        continue;
      n_fitting++;
      name = g_utf8_casefold (sluice_soql_proposal_get_name (proposal), -1);
      is_written = suggestion != NULL && g_str_equal (name, self->written) &&
                   sluice_soql_suggestion_get_kind (suggestion) != SLUICE_SOQL_SUGGESTION_PARENT;
    }

  self->is_complete = n_fitting == 1 && is_written;
}

static void
add_message (GListStore *proposals,
             const char *message)
{
  g_autoptr(SluiceSoqlProposal) proposal = sluice_soql_proposal_new_message (message);

  g_list_store_append (proposals, proposal);
}

static void
take_suggestions (GListStore *proposals,
                  GListModel *suggestions)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (suggestions); i++)
    {
      g_autoptr(SluiceSoqlSuggestion) suggestion = g_list_model_get_item (suggestions, i);

      g_ptr_array_add (items, sluice_soql_proposal_new (suggestion));
    }

  g_list_store_splice (proposals, 0, g_list_model_get_n_items (G_LIST_MODEL (proposals)), items->pdata, items->len);
}

static void
show_list (Request *request)
{
  g_autoptr(GTask) task = g_steal_pointer (&request->task);
  SluiceSoqlCompletion *self;

  g_clear_handle_id (&request->timeout_id, g_source_remove);
  if (task == NULL)
    return;

  self = g_task_get_source_object (task);
  find_complete (self, G_LIST_MODEL (request->proposals));
  g_task_return_pointer (task, new_model (self, request->proposals), g_object_unref);
}

static void
slow_cb (gpointer user_data)
{
  Request *request = user_data;

  request->timeout_id = 0;
  add_message (request->proposals, _("Loading…"));
  show_list (request);
}

static void
completed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Request *request = user_data;
  g_autoptr(GListModel) suggestions = NULL;
  g_autoptr(GError) error = NULL;

  suggestions = sluice_soql_complete_finish (result, &error);
  if (suggestions != NULL)
    {
      take_suggestions (request->proposals, suggestions);
    }
  else
    {
      g_list_store_remove_all (request->proposals);
      add_message (request->proposals, error->message);
    }

  show_list (request);
  g_object_unref (request->proposals);
  g_free (request);
}

static void
populate_async (GtkSourceCompletionProvider *provider,
                GtkSourceCompletionContext  *completion,
                GCancellable                *cancellable,
                GAsyncReadyCallback          callback,
                gpointer                     user_data)
{
  SluiceSoqlCompletion *self = SLUICE_SOQL_COMPLETION (provider);
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (completion));
  Request *request = g_new0 (Request, 1);

  g_clear_pointer (&self->context, sluice_soql_context_free);
  g_clear_pointer (&self->written, g_free);
  self->context = read_context (buffer, &self->written);
  self->view = GTK_WIDGET (gtk_source_completion_context_get_view (completion));
  g_clear_object (&self->selected);

  request->task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (request->task, populate_async);
  request->proposals = g_list_store_new (SLUICE_TYPE_SOQL_PROPOSAL);
  request->timeout_id = g_timeout_add_once (PATIENCE_MS, slow_cb, request);

  /* What the org tells is kept: an answer that comes too late is there the next time. */
  sluice_soql_complete_async (self->cache, self->context, NULL, completed_cb, request);
}

static GListModel *
populate_finish (GtkSourceCompletionProvider  *provider,
                 GAsyncResult                 *result,
                 GError                      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_same_place (const SluiceSoqlContext *a,
               const SluiceSoqlContext *b)
{
  return a->expected == b->expected && a->start == b->start && a->quoted == b->quoted && a->keywords == b->keywords;
}

static void
refilter (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *completion,
          GListModel                  *model)
{
  SluiceSoqlCompletion *self = SLUICE_SOQL_COMPLETION (provider);
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (completion));
  g_autoptr(SluiceSoqlContext) context = NULL;
  GtkSortListModel *sorted = GTK_SORT_LIST_MODEL (model);
  GtkFilterListModel *filtered = GTK_FILTER_LIST_MODEL (gtk_sort_list_model_get_model (sorted));

  g_clear_pointer (&self->written, g_free);
  context = read_context (buffer, &self->written);
  find_complete (self, gtk_filter_list_model_get_model (filtered));
  if (self->context == NULL || !is_same_place (context, self->context))
    self->is_complete = TRUE;

  gtk_filter_changed (gtk_filter_list_model_get_filter (filtered), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed (gtk_sort_list_model_get_sorter (sorted), GTK_SORTER_CHANGE_DIFFERENT);
}

/* The keyboard stays in the text, and so does a screen reader: it is told which one is selected. */
static void
announce (SluiceSoqlCompletion *self,
          SluiceSoqlProposal   *proposal)
{
  g_autofree char *comment = NULL;
  g_autofree char *text = NULL;

  if (self->view == NULL || !g_set_object (&self->selected, proposal))
    return;

  comment = sluice_soql_proposal_dup_comment (proposal);
  text = g_strjoin (", ", sluice_soql_proposal_get_name (proposal), comment, NULL);
  gtk_accessible_announce (GTK_ACCESSIBLE (self->view), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

/* What has been written is bold, where it is. */
static PangoAttrList *
highlight (const char *name,
           const char *written)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  PangoAttrList *attributes = pango_attr_list_new ();
  const char *found = strstr (folded, written);
  PangoAttribute *bold;

  /* Folding may change the length of what is no ASCII. */
  if (*written == '\0' || found == NULL || strlen (folded) != strlen (name))
    return attributes;

  bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  bold->start_index = (guint) (found - folded);
  bold->end_index = bold->start_index + (guint) strlen (written);
  pango_attr_list_insert (attributes, bold);

  return attributes;
}

static void
show_name (SluiceSoqlCompletion    *self,
           SluiceSoqlProposal      *proposal,
           GtkSourceCompletionCell *cell)
{
  const char *name = sluice_soql_proposal_get_name (proposal);
  g_autoptr(PangoAttrList) attributes = highlight (name, self->written);

  gtk_source_completion_cell_set_text_with_attributes (cell, name, attributes);
}

static void
display (GtkSourceCompletionProvider *provider,
         GtkSourceCompletionContext  *completion,
         GtkSourceCompletionProposal *item,
         GtkSourceCompletionCell     *cell)
{
  SluiceSoqlCompletion *self = SLUICE_SOQL_COMPLETION (provider);
  SluiceSoqlProposal *proposal = SLUICE_SOQL_PROPOSAL (item);
  g_autofree char *comment = NULL;

  switch (gtk_source_completion_cell_get_column (cell))
    {
    case GTK_SOURCE_COMPLETION_COLUMN_TYPED_TEXT:
      show_name (self, proposal, cell);
      break;

    case GTK_SOURCE_COMPLETION_COLUMN_AFTER:
      comment = sluice_soql_proposal_dup_comment (proposal);
      gtk_source_completion_cell_set_text (cell, comment);
      break;

    case GTK_SOURCE_COMPLETION_COLUMN_COMMENT:
      /* Only the selected one is asked for its comment. */
      announce (self, proposal);
      break;

    case GTK_SOURCE_COMPLETION_COLUMN_ICON:
    case GTK_SOURCE_COMPLETION_COLUMN_BEFORE:
    case GTK_SOURCE_COMPLETION_COLUMN_DETAILS:
    default:
      gtk_source_completion_cell_set_text (cell, NULL);
      break;
    }
}

/* Writing the chosen one */

static gboolean
wants_blank (GtkTextBuffer        *buffer,
             SluiceSoqlSuggestion *suggestion)
{
  GtkTextIter cursor;

  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));

  return sluice_soql_suggestion_get_kind (suggestion) == SLUICE_SOQL_SUGGESTION_KEYWORD &&
         !g_unichar_isspace (gtk_text_iter_get_char (&cursor));
}

static void
write_text (GtkTextBuffer     *buffer,
            SluiceSoqlContext *context,
            const char        *insertion)
{
  g_autofree char *text = NULL;
  GtkTextIter start, end, cursor;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_get_iter_at_mark (buffer, &cursor, gtk_text_buffer_get_insert (buffer));
  text = gtk_text_buffer_get_slice (buffer, &start, &end, TRUE);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, (int) g_utf8_pointer_to_offset (text, text + context->start));

  gtk_text_buffer_begin_user_action (buffer);
  gtk_text_buffer_delete (buffer, &start, &cursor);
  gtk_text_buffer_insert (buffer, &start, insertion, -1);
  gtk_text_buffer_end_user_action (buffer);
}

static void
show_again_cb (gpointer user_data)
{
  g_autoptr(GtkSourceCompletion) completion = user_data;

  gtk_source_completion_show (completion);
}

static void
activate (GtkSourceCompletionProvider *provider,
          GtkSourceCompletionContext  *completion,
          GtkSourceCompletionProposal *item)
{
  SluiceSoqlSuggestion *suggestion = sluice_soql_proposal_get_suggestion (SLUICE_SOQL_PROPOSAL (item));
  GtkTextBuffer *buffer = GTK_TEXT_BUFFER (gtk_source_completion_context_get_buffer (completion));
  g_autoptr(GtkSourceCompletion) list = NULL;
  g_autoptr(SluiceSoqlContext) context = NULL;
  gboolean is_half;
  g_autofree char *insertion = NULL;
  g_autofree char *written = NULL;

  if (suggestion == NULL)
    return;

  /* A relationship is only half of a name. When the text changes, the list's context and all in it may go. */
  is_half = sluice_soql_suggestion_get_kind (suggestion) == SLUICE_SOQL_SUGGESTION_PARENT;
  list = g_object_ref (gtk_source_completion_context_get_completion (completion));
  context = read_context (buffer, NULL);
  insertion = sluice_soql_suggestion_dup_insertion (suggestion, context->quoted, context->closed);
  written = g_strconcat (insertion, wants_blank (buffer, suggestion) ? " " : NULL, NULL);
  write_text (buffer, context, written);

  if (is_half)
    g_idle_add_once (show_again_cb, g_steal_pointer (&list));
}

static gboolean
is_trigger (GtkSourceCompletionProvider *provider,
            const GtkTextIter           *iter,
            gunichar                     ch)
{
  return ch == '.' || ch == '\'';
}

static char *
get_title (GtkSourceCompletionProvider *provider)
{
  return g_strdup ("SOQL");
}

static void
completion_provider_init (GtkSourceCompletionProviderInterface *iface)
{
  iface->activate = activate;
  iface->display = display;
  iface->get_title = get_title;
  iface->is_trigger = is_trigger;
  iface->populate_async = populate_async;
  iface->populate_finish = populate_finish;
  iface->refilter = refilter;
}

static void
sluice_soql_completion_finalize (GObject *object)
{
  SluiceSoqlCompletion *self = SLUICE_SOQL_COMPLETION (object);

  g_clear_object (&self->cache);
  g_clear_object (&self->selected);
  g_clear_pointer (&self->context, sluice_soql_context_free);
  g_free (self->written);

  G_OBJECT_CLASS (sluice_soql_completion_parent_class)->finalize (object);
}

static void
sluice_soql_completion_class_init (SluiceSoqlCompletionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_soql_completion_finalize;
}

static void
sluice_soql_completion_init (SluiceSoqlCompletion *self)
{
  self->written = g_strdup ("");
}

SluiceSoqlCompletion *
sluice_soql_completion_new (void)
{
  return g_object_new (SLUICE_TYPE_SOQL_COMPLETION, NULL);
}

/* Whose objects and fields are offered; none without one. */
void
sluice_soql_completion_set_cache (SluiceSoqlCompletion *self,
                                  SluiceDescribeCache  *cache)
{
  g_return_if_fail (SLUICE_IS_SOQL_COMPLETION (self));
  g_return_if_fail (cache == NULL || SLUICE_IS_DESCRIBE_CACHE (cache));

  g_set_object (&self->cache, cache);
}
