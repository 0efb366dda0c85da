/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-grid [--picture FILE] [--columns N] [--rows N]: what it costs to look at the results of a query
 *
 * Fills a store with rows as a transfer does, shows them in the table of the window and scrolls. Prints for 1,000 and
 * for 1,000,000 rows how long the first frame took, how long frames take while scrolling, jumping far and while more
 * rows come, and how much memory that is beyond an empty window. Ends with 1 when a goal is missed. Needs a display;
 * meson runs it in a session of its own.
 */

#include "config.h"

#include <adwaita.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sluice-results-view.h"
#include "sluice-ui-resources.h"

#define FEW 1000
#define MANY 1000000
#define N_COLUMNS 20
#define N_FRAMES 300
#define BATCH_ROWS 500

#define MAX_FRAME_MS 16.7
#define MAX_BUSY_FRAME_MS 33.0
#define MAX_OPENING 1.5
#define MAX_MEGABYTES 100.0

typedef enum
{
  SLOW,
  PAGES,
  JUMPS,
} Movement;

typedef struct
{
  GtkWidget *window;
  SluiceResultsView *view;
  GtkAdjustment *vadjustment;
  GArray *frames;  /* (element-type double), in ms */
  gint64 started;
  gint64 painted;
} Stage;

typedef struct
{
  SluiceResultStore *store;
  guint first;
  guint n_rows;
  guint n_columns;
  gboolean finish;
  int stop;        /* atomic */
} Feed;

static guint failures;

static SluiceCell
make_cell (char  *text,
           gsize  size,
           guint  row,
           guint  column)
{
  SluiceCell cell = { .text = text, .kind = SLUICE_CELL_TEXT };

  switch (column % 5)
    {
    case 0:
      g_snprintf (text, size, "001Ag%09uAAA", row * 31 + column);
      break;
    case 1:
      g_snprintf (text, size, "Customer %u of column %u", row, column);
      break;
    case 2:
      g_snprintf (text, size, "%u.%02u", row * 7919u % 1000003, row % 100);
      cell.kind = SLUICE_CELL_NUMBER;
      break;
    case 3:
      g_snprintf (text, size, "2026-11-%02uT12:%02u:%02u.000+0000", row % 28 + 1, row % 60, column % 60);
      break;
    default:
      if (row % 8 == 0)
        return (SluiceCell) { .kind = SLUICE_CELL_NULL };
      g_snprintf (text, size, "Straße %u", row % 997);
      break;
    }
  cell.length = (guint32) strlen (text);

  return cell;
}

static gpointer
feed_thread (gpointer data)
{
  Feed *feed = data;
  gsize n_cells = (gsize) BATCH_ROWS * feed->n_columns;
  g_autofree SluiceCell *cells = g_new (SluiceCell, n_cells);
  g_autofree char (*texts)[40] = g_malloc (n_cells * sizeof *texts);
  g_autoptr(GError) error = NULL;

  for (guint done = 0; done < feed->n_rows && !g_atomic_int_get (&feed->stop); done += BATCH_ROWS)
    {
      SluiceRowBatch batch = { .cells = cells, .n_rows = MIN (BATCH_ROWS, feed->n_rows - done), .n_columns = feed->n_columns };

      for (guint i = 0; i < batch.n_rows * feed->n_columns; i++)
        cells[i] = make_cell (texts[i], sizeof *texts, feed->first + done + i / feed->n_columns, i % feed->n_columns);

      if (!sluice_sink_add (SLUICE_SINK (feed->store), &batch, &error))
        g_error ("%s", error->message);
    }

  if (feed->finish)
    sluice_sink_finish (SLUICE_SINK (feed->store), NULL);

  return NULL;
}

static SluiceResultStore *
make_store (guint n_columns)
{
  SluiceResultStore *store = sluice_result_store_new (NULL);
  g_auto(GStrv) names = g_new0 (char *, n_columns + 1);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n_columns; i++)
    names[i] = i == 0 ? g_strdup ("Id") : g_strdup_printf ("Field_%u__c", i);
  if (!sluice_sink_begin (SLUICE_SINK (store), (const char * const *) names, n_columns, &error))
    g_error ("%s", error->message);

  return store;
}

static double
get_megabytes (void)
{
  g_autofree char *text = NULL;
  char *line;

  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL))
    return 0;
  line = strstr (text, "VmRSS:");

  return line != NULL ? g_ascii_strtod (line + strlen ("VmRSS:"), NULL) / 1024 : 0;
}

static void
painted_cb (GdkFrameClock *clock,
            Stage         *stage)
{
  stage->painted++;
}

static void
wait_painted (Stage *stage)
{
  gint64 before = stage->painted;

  gtk_widget_queue_draw (stage->window);
  while (stage->painted == before)
    g_main_context_iteration (NULL, TRUE);
}

static GtkWidget *
find_child (GtkWidget *widget,
            GType      type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_child (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
stage_open (Stage            *stage,
            SluiceResultList *list)
{
  stage->window = adw_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (stage->window), 1200, 760);
  stage->view = g_object_new (SLUICE_TYPE_RESULTS_VIEW, NULL);
  adw_window_set_content (ADW_WINDOW (stage->window), GTK_WIDGET (stage->view));
  gtk_widget_realize (stage->window);
  g_signal_connect (gtk_widget_get_frame_clock (stage->window), "after-paint", G_CALLBACK (painted_cb), stage);
  if (list != NULL)
    sluice_results_view_set_list (stage->view, list);
  gtk_window_present (GTK_WINDOW (stage->window));
  wait_painted (stage);
  stage->vadjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (find_child (GTK_WIDGET (stage->view),
                                                                                   GTK_TYPE_COLUMN_VIEW)));
}

static void
stage_close (Stage *stage)
{
  g_signal_handlers_disconnect_by_data (gtk_widget_get_frame_clock (stage->window), stage);
  gtk_window_destroy (GTK_WINDOW (stage->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* The frame's own work: from the movement to the end of painting, with whatever else the main loop does meanwhile. */
static double
make_frame (Stage    *stage,
            Movement  movement,
            guint     number)
{
  double value = gtk_adjustment_get_value (stage->vadjustment);
  double page = gtk_adjustment_get_page_size (stage->vadjustment);
  double end = gtk_adjustment_get_upper (stage->vadjustment) - page;
  gint64 started = g_get_monotonic_time ();

  if (movement == SLOW)
    value += 40;
  else if (movement == PAGES)
    value += page;
  else
    value = end * (number * 7919 % 1000) / 1000;
  gtk_adjustment_set_value (stage->vadjustment, value > end ? 0 : value);

  /* Without the wait for the clock, which paints sixty times a second. */
  gdk_frame_clock_request_phase (gtk_widget_get_frame_clock (stage->window), GDK_FRAME_CLOCK_PHASE_PAINT);
  wait_painted (stage);

  return (double) (g_get_monotonic_time () - started) / 1000;
}

typedef struct
{
  gint64 update;
  double total;
} Timing;

static void
before_cb (GdkFrameClock *clock,
           Timing        *timing)
{
  timing->update = g_get_monotonic_time ();
}

static void
after_cb (GdkFrameClock *clock,
          Timing        *timing)
{
  timing->total += (double) (g_get_monotonic_time () - timing->update) / 1000;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *first = a;
  const double *second = b;

  return (*first > *second) - (*first < *second);
}

static double
measure (Stage      *stage,
         const char *what,
         Movement    movement,
         double      goal)
{
  g_autoptr(GArray) frames = g_array_new (FALSE, FALSE, sizeof (double));
  GdkFrameClock *clock = gtk_widget_get_frame_clock (stage->window);
  Timing timing = { 0 };
  double p50, p99;

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_cb), &timing);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_cb), &timing);

  for (guint i = 0; i < N_FRAMES; i++)
    {
      timing.total = 0;
      make_frame (stage, movement, i);
      g_array_append_val (frames, timing.total);
    }

  g_signal_handlers_disconnect_by_data (clock, &timing);
  g_array_sort (frames, compare_doubles);
  p50 = g_array_index (frames, double, N_FRAMES / 2);
  p99 = g_array_index (frames, double, N_FRAMES * 99 / 100);

  g_print ("%-34s p50 %5.1f ms  p99 %5.1f ms", what, p50, p99);
  if (goal > 0)
    {
      g_print ("  (at most %.1f)%s", goal, p99 <= goal ? "" : "  MISSED");
      failures += p99 <= goal ? 0 : 1;
    }
  g_print ("\n");

  return p99;
}

static SluiceResultStore *
fill (guint n_rows,
      guint n_columns)
{
  SluiceResultStore *store = make_store (n_columns);
  Feed feed = { .store = store, .n_rows = n_rows, .n_columns = n_columns, .finish = TRUE };
  GThread *thread = g_thread_new ("feed", feed_thread, &feed);

  g_thread_join (thread);

  return store;
}

static double
measure_opening (SluiceResultStore *store,
                 Stage             *stage)
{
  gint64 started = g_get_monotonic_time ();
  g_autoptr(SluiceResultList) list = sluice_result_list_new (store);

  while (!sluice_result_list_get_ready (list))
    g_main_context_iteration (NULL, TRUE);
  stage_open (stage, list);

  return (double) (g_get_monotonic_time () - started) / 1000;
}

static double
sort_list (Stage *stage)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (find_child (GTK_WIDGET (stage->view), GTK_TYPE_COLUMN_VIEW));
  GtkSelectionModel *selection = gtk_column_view_get_model (view);
  SluiceResultList *list = SLUICE_RESULT_LIST (gtk_multi_selection_get_model (GTK_MULTI_SELECTION (selection)));
  gint64 started = g_get_monotonic_time ();

  sluice_result_list_sort (list, 1, TRUE);
  while (sluice_result_list_get_sorting (list))
    g_main_context_iteration (NULL, TRUE);

  return (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC;
}

static void
take_picture (Stage      *stage,
              const char *path)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new (stage->window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr(GskRenderNode) node = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  for (guint i = 0; i < 5; i++)
    wait_painted (stage);
  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (stage->window)), node, NULL);
  gdk_texture_save_to_png (texture, path);
}

static void
bench (void)
{
  g_autoptr(SluiceResultStore) few = NULL;
  g_autoptr(SluiceResultStore) many = NULL;
  Stage stage = { 0 };
  Feed feed = { .first = MANY, .n_rows = MANY, .n_columns = N_COLUMNS };
  GThread *thread;
  gint64 started;
  double bare, opening_few, opening_many, megabytes;

  stage_open (&stage, NULL);
  bare = get_megabytes ();
  stage_close (&stage);

  started = g_get_monotonic_time ();
  few = fill (FEW, N_COLUMNS);
  many = fill (MANY, N_COLUMNS);
  g_print ("%u rows of %u columns written in %.1f s\n", MANY, N_COLUMNS,
           (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC);

  /* Once for what is loaded once. */
  measure_opening (few, &stage);
  stage_close (&stage);
  opening_few = measure_opening (few, &stage);
  measure (&stage, "1,000 rows, slow", SLOW, 0);
  stage_close (&stage);
  opening_many = measure_opening (many, &stage);
  g_print ("opening %u rows %.0f ms, %u rows %.0f ms: ratio %.2f (at most %.1f)%s\n", FEW, opening_few, MANY, opening_many,
           opening_many / opening_few, MAX_OPENING, opening_many / opening_few <= MAX_OPENING ? "" : "  MISSED");
  failures += opening_many / opening_few <= MAX_OPENING ? 0 : 1;

  measure (&stage, "1,000,000 rows, slow", SLOW, MAX_FRAME_MS);
  measure (&stage, "1,000,000 rows, a page a frame", PAGES, 0);
  measure (&stage, "1,000,000 rows, far jumps", JUMPS, 0);

  feed.store = many;
  thread = g_thread_new ("feed", feed_thread, &feed);
  measure (&stage, "slow, while more rows come", SLOW, MAX_BUSY_FRAME_MS);
  g_atomic_int_set (&feed.stop, 1);
  g_thread_join (thread);

  g_print ("sorted by a text in %.1f s\n", sort_list (&stage));
  measure (&stage, "sorted, slow", SLOW, MAX_FRAME_MS);

  megabytes = get_megabytes () - bare;
  g_print ("memory beyond an empty window %.1f MB (at most %.0f)%s\n", megabytes, MAX_MEGABYTES,
           megabytes <= MAX_MEGABYTES ? "" : "  MISSED");
  failures += megabytes <= MAX_MEGABYTES ? 0 : 1;
  stage_close (&stage);
}

static void
show_picture (const char *path,
              guint       n_rows,
              guint       n_columns)
{
  g_autoptr(SluiceResultStore) store = fill (n_rows, n_columns);
  Stage stage = { 0 };

  g_print ("opened in %.0f ms\n", measure_opening (store, &stage));
  take_picture (&stage, path);
  measure (&stage, "slow", SLOW, 0);
  stage_close (&stage);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *picture = NULL;
  int n_rows = MANY;
  int n_columns = N_COLUMNS;
  const GOptionEntry entries[] = {
    { "picture", 0, 0, G_OPTION_ARG_FILENAME, &picture, "Write a picture and end", "FILE" },
    { "rows", 0, 0, G_OPTION_ARG_INT, &n_rows, "Rows in the picture", "N" },
    { "columns", 0, 0, G_OPTION_ARG_INT, &n_columns, "Columns in the picture", "N" },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  g_autoptr(GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    g_error ("%s", error->message);

  adw_init ();
  g_resources_register (sluice_ui_get_resource ());
  if (picture != NULL)
    show_picture (picture, (guint) n_rows, (guint) n_columns);
  else
    bench ();

  return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
