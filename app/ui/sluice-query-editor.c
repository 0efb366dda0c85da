/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-query-editor"

#include "config.h"

#include "sluice-query-editor.h"

#include <glib/gi18n.h>
#include <gtksourceview/gtksource.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-query-name-dialog.h"
#include "sluice-query-popover.h"
#include "sluice-query-position.h"
#include "sluice-soql-completion.h"

#define RESOURCES "resource:///io/github/sluice/Sluice/editor/"

/**
 * SluiceQueryEditor:
 *
 * Where a query is written: the text, what Salesforce says against it, and
 * the buttons that run it. The actions `data.run` and so on are those of the
 * page around it.
 *
 * Property: `text` (string, read-only).
 */
struct _SluiceQueryEditor
{
  AdwBin parent_instance;

  SluiceQueryLibrary *library; /* (nullable) */
  GError *error;               /* (nullable) */
  GtkTextTag *error_tag;       /* (unowned) */
  GtkTextMark *run_mark;       /* (unowned), where the query that was run begins */
  SluiceSoqlCompletion *completion;

  GtkBox *error_box;
  GtkButton *error_button;
  GtkButton *run_button;
  GtkButton *stop_button;
  GtkLabel *error_label;
  GtkSourceBuffer *buffer;
  GtkSourceView *view;
  SluiceQueryPopover *popover;
};

enum
{
  PROP_0,
  PROP_TEXT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceQueryEditor, sluice_query_editor, ADW_TYPE_BIN)

static gboolean
is_blank (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return *text == '\0';
}

static GtkTextBuffer *
get_buffer (SluiceQueryEditor *self)
{
  return GTK_TEXT_BUFFER (self->buffer);
}

static void
clear_error_mark (SluiceQueryEditor *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  gtk_text_buffer_remove_tag (get_buffer (self), self->error_tag, &start, &end);
  gtk_widget_set_visible (GTK_WIDGET (self->error_button), FALSE);
}

/* A place in the query that was run: it may be a part of the text. */
static gboolean
find_place (SluiceQueryEditor *self,
            guint              row,
            guint              column,
            GtkTextIter       *place)
{
  GtkTextIter start;

  gtk_text_buffer_get_iter_at_mark (get_buffer (self), &start, self->run_mark);
  *place = start;
  if (row > 1)
    {
      gtk_text_buffer_get_iter_at_line (get_buffer (self), place, gtk_text_iter_get_line (&start) + (int) row - 1);
      if (gtk_text_iter_get_line (place) != gtk_text_iter_get_line (&start) + (int) row - 1)
        return FALSE;
    }

  for (guint i = 1; i < column && !gtk_text_iter_ends_line (place); i++)
    gtk_text_iter_forward_char (place);

  return TRUE;
}

static gboolean
is_name_character (gunichar c)
{
  return g_unichar_isalnum (c) || c == '_';
}

static gboolean
find_error_place (SluiceQueryEditor *self,
                  GtkTextIter       *start,
                  GtkTextIter       *end)
{
  guint row, column;

  if (self->error == NULL || !sluice_query_find_position (sluice_error_get_server_text (self->error), &row, &column))
    return FALSE;

  if (!find_place (self, row, column, start))
    return FALSE;

  *end = *start;
  while (is_name_character (gtk_text_iter_get_char (end)))
    gtk_text_iter_forward_char (end);
  if (gtk_text_iter_equal (start, end))
    gtk_text_iter_forward_char (end);

  return TRUE;
}

/* The place in the reader's words, in the whole text, then the server's own. */
static char *
describe_refusal (SluiceQueryEditor *self,
                  const char        *server_text)
{
  GtkTextIter place;
  const char *line;
  guint row, column;

  if (!sluice_query_find_position (server_text, &row, &column))
    return g_strstrip (g_strdup (server_text));

  if (find_place (self, row, column, &place))
    {
      row = (guint) gtk_text_iter_get_line (&place) + 1;
      column = (guint) gtk_text_iter_get_line_offset (&place) + 1;
    }
  line = strchr (strstr (server_text, "ERROR at Row:"), '\n');

  /* Translators: a place in a text, and what is wrong there in the server's words */
  return g_strstrip (g_strdup_printf (_("Line %u, character %u: %s"), row, column, line != NULL ? line + 1 : ""));
}

static const char *
choose_scheme (AdwStyleManager *style_manager)
{
  if (adw_style_manager_get_high_contrast (style_manager))
    return "sluice-high-contrast";

  return adw_style_manager_get_dark (style_manager) ? "Adwaita-dark" : "Adwaita";
}

static void
style_changed_cb (SluiceQueryEditor *self)
{
  const char *id = choose_scheme (adw_style_manager_get_default ());
  GtkSourceStyleSchemeManager *manager = gtk_source_style_scheme_manager_get_default ();

  gtk_source_buffer_set_style_scheme (self->buffer, gtk_source_style_scheme_manager_get_scheme (manager, id));
}

static void
set_up_source (SluiceQueryEditor *self)
{
  AdwStyleManager *style_manager = adw_style_manager_get_default ();
  GtkSourceLanguageManager *languages = gtk_source_language_manager_get_default ();

  gtk_source_buffer_set_language (self->buffer, gtk_source_language_manager_get_language (languages, "soql"));
  g_signal_connect_object (style_manager, "notify::dark", G_CALLBACK (style_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (style_manager, "notify::high-contrast", G_CALLBACK (style_changed_cb), self, G_CONNECT_SWAPPED);
  style_changed_cb (self);

  self->completion = sluice_soql_completion_new ();
  gtk_source_completion_add_provider (gtk_source_view_get_completion (self->view),
                                      GTK_SOURCE_COMPLETION_PROVIDER (self->completion));
}

static void
update_saving (SluiceQueryEditor *self)
{
  g_autofree char *text = sluice_query_editor_dup_text (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save-query", self->library != NULL && !is_blank (text));
}

static void
text_changed_cb (SluiceQueryEditor *self)
{
  clear_error_mark (self);
  update_saving (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEXT]);
}

/* One of the two is enough: there is no room for both on a phone. The keyboard stays where it was. */
static void
stop_changed_cb (SluiceQueryEditor *self)
{
  GtkWidget *run = GTK_WIDGET (self->run_button);
  GtkWidget *stop = GTK_WIDGET (self->stop_button);
  gboolean can_stop = gtk_widget_is_sensitive (stop);
  gboolean focused = gtk_widget_has_focus (run) || gtk_widget_has_focus (stop);

  if (can_stop == gtk_widget_get_visible (stop))
    return;

  gtk_widget_set_visible (stop, can_stop);
  gtk_widget_set_visible (run, !can_stop);
  if (focused)
    gtk_widget_grab_focus (can_stop ? stop : run);
}

static void
save_query_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  SluiceQueryEditor *self = SLUICE_QUERY_EDITOR (widget);
  g_autofree char *text = sluice_query_editor_dup_text (self);

  sluice_query_name_dialog_save (widget, self->library, text);
}

static void
show_error_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  SluiceQueryEditor *self = SLUICE_QUERY_EDITOR (widget);
  GtkTextIter start, end;

  if (!find_error_place (self, &start, &end))
    return;

  gtk_text_buffer_select_range (get_buffer (self), &start, &end);
  gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->view), &start, 0, FALSE, 0, 0);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
sluice_query_editor_dispose (GObject *object)
{
  SluiceQueryEditor *self = SLUICE_QUERY_EDITOR (object);

  /* The bin must let go first: it would not notice that the template took its child away. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_QUERY_EDITOR);
  g_clear_error (&self->error);
  g_clear_object (&self->library);
  g_clear_object (&self->completion);

  G_OBJECT_CLASS (sluice_query_editor_parent_class)->dispose (object);
}

static void
sluice_query_editor_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceQueryEditor *self = SLUICE_QUERY_EDITOR (object);

  switch (prop_id)
    {
    case PROP_TEXT:
      g_value_take_string (value, sluice_query_editor_dup_text (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_query_editor_class_init (SluiceQueryEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_query_editor_dispose;
  object_class->get_property = sluice_query_editor_get_property;

  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SLUICE_TYPE_QUERY_POPOVER);
  gtk_source_init ();
  gtk_source_language_manager_append_search_path (gtk_source_language_manager_get_default (), RESOURCES);
  gtk_source_style_scheme_manager_append_search_path (gtk_source_style_scheme_manager_get_default (), RESOURCES);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-query-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, buffer);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, error_box);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, error_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, error_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, popover);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, run_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, stop_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceQueryEditor, view);
  gtk_widget_class_bind_template_callback (widget_class, stop_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, text_changed_cb);

  gtk_widget_class_install_action (widget_class, "editor.save-query", NULL, save_query_action);
  gtk_widget_class_install_action (widget_class, "editor.show-error", NULL, show_error_action);
}

static void
sluice_query_editor_init (SluiceQueryEditor *self)
{
  GtkTextIter start;

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_text_buffer_get_start_iter (get_buffer (self), &start);
  self->run_mark = gtk_text_buffer_create_mark (get_buffer (self), NULL, &start, TRUE);
  self->error_tag = gtk_text_buffer_create_tag (get_buffer (self), NULL, "underline", PANGO_UNDERLINE_ERROR, NULL);
  set_up_source (self);
  update_saving (self);
}

char *
sluice_query_editor_dup_text (SluiceQueryEditor *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (SLUICE_IS_QUERY_EDITOR (self), NULL);

  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);

  return gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);
}

/**
 * sluice_query_editor_dup_query:
 * @self: an editor
 *
 * Tells what is to be run: what is selected, or else the text. Errors are
 * shown there.
 *
 * Returns: (transfer full): the query
 */
char *
sluice_query_editor_dup_query (SluiceQueryEditor *self)
{
  GtkTextIter start, end;

  g_return_val_if_fail (SLUICE_IS_QUERY_EDITOR (self), NULL);

  if (gtk_text_buffer_get_selection_bounds (get_buffer (self), &start, &end))
    {
      char *selected = gtk_text_buffer_get_text (get_buffer (self), &start, &end, FALSE);

      if (!is_blank (selected))
        {
          gtk_text_buffer_move_mark (get_buffer (self), self->run_mark, &start);
          return selected;
        }
      g_free (selected);
    }

  gtk_text_buffer_get_start_iter (get_buffer (self), &start);
  gtk_text_buffer_move_mark (get_buffer (self), self->run_mark, &start);

  return sluice_query_editor_dup_text (self);
}

/* Another text, with its own history: nothing of it can be undone. */
void
sluice_query_editor_show_text (SluiceQueryEditor *self,
                               const char        *text)
{
  g_return_if_fail (SLUICE_IS_QUERY_EDITOR (self));
  g_return_if_fail (text != NULL);

  gtk_text_buffer_set_text (get_buffer (self), text, -1);
}

/* As if the user had typed it. */
void
sluice_query_editor_replace_text (SluiceQueryEditor *self,
                                  const char        *text)
{
  GtkTextIter start, end;

  g_return_if_fail (SLUICE_IS_QUERY_EDITOR (self));
  g_return_if_fail (text != NULL);

  /* Not gtk_text_buffer_set_text(), which cannot be undone. */
  gtk_text_buffer_get_bounds (get_buffer (self), &start, &end);
  gtk_text_buffer_begin_user_action (get_buffer (self));
  gtk_text_buffer_delete (get_buffer (self), &start, &end);
  gtk_text_buffer_insert (get_buffer (self), &start, text, -1);
  gtk_text_buffer_end_user_action (get_buffer (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* What completion offers: objects and fields of the org. */
void
sluice_query_editor_set_cache (SluiceQueryEditor   *self,
                               SluiceDescribeCache *cache)
{
  g_return_if_fail (SLUICE_IS_QUERY_EDITOR (self));

  sluice_soql_completion_set_cache (self->completion, cache);
}

/* Where queries are saved, and which are listed */
void
sluice_query_editor_set_library (SluiceQueryEditor  *self,
                                 SluiceQueryLibrary *library)
{
  g_return_if_fail (SLUICE_IS_QUERY_EDITOR (self));

  if (!g_set_object (&self->library, library))
    return;

  sluice_query_popover_set_library (self->popover, library);
  update_saving (self);
}

/* What is wrong with the text; the place that Salesforce names is marked until the text changes. */
void
sluice_query_editor_set_error (SluiceQueryEditor *self,
                               const GError      *error)
{
  const char *server_text = error != NULL ? sluice_error_get_server_text (error) : NULL;
  GtkTextIter start, end;

  g_return_if_fail (SLUICE_IS_QUERY_EDITOR (self));

  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;

  clear_error_mark (self);
  gtk_widget_set_visible (GTK_WIDGET (self->error_box), error != NULL);
  if (error == NULL)
    return;

  if (server_text != NULL && g_error_matches (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED))
    {
      g_autofree char *text = describe_refusal (self, server_text);

      gtk_label_set_label (self->error_label, text);
    }
  else
    {
      gtk_label_set_label (self->error_label, error->message);
    }

  if (find_error_place (self, &start, &end))
    {
      gtk_text_buffer_apply_tag (get_buffer (self), self->error_tag, &start, &end);
      gtk_text_view_scroll_to_iter (GTK_TEXT_VIEW (self->view), &start, 0, FALSE, 0, 0);
      gtk_widget_set_visible (GTK_WIDGET (self->error_button), TRUE);
    }
}

const char *
sluice_query_editor_get_error_text (SluiceQueryEditor *self)
{
  g_return_val_if_fail (SLUICE_IS_QUERY_EDITOR (self), NULL);

  return self->error != NULL ? gtk_label_get_label (self->error_label) : NULL;
}
