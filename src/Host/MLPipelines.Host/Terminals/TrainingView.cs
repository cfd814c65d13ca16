using System.Globalization;
using MLPipelines.Trainers.Training;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MLPipelines.Host.Terminals;

/// <summary>Shows a training run: redrawn in place on a terminal, a line every few seconds and after each epoch elsewhere.</summary>
internal sealed class TrainingView(Terminal terminal, TimeProvider clock)
{
    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_betweenFrames = TimeSpan.FromMilliseconds(125);
    private readonly List<TrainingProgress> _epochs = [];
    private Action<IRenderable>? _draw;
    private long _last;
    private bool _first = true;

    /// <summary>Runs the training with the view around it.</summary>
    internal T Show<T>(Func<Action<TrainingProgress>, T> train)
    {
        if (terminal.Quiet || !terminal.IsInteractive)
        {
            return train(Report);
        }

        return terminal.Console.Live(new Text("preparing …")).AutoClear(false).Start(live =>
        {
            _draw = live.UpdateTarget;
            return train(Report);
        });
    }

    private void Report(TrainingProgress progress)
    {
        if (progress.IsEpochEnd)
        {
            _epochs.Add(progress);
        }

        var due = clock.GetElapsedTime(_last) >= (_draw is null ? s_betweenLines : s_betweenFrames);
        if (!progress.IsEpochEnd && !due && !_first)
        {
            return;
        }

        (_first, _last) = (false, clock.GetTimestamp());
        if (_draw is not null)
        {
            _draw(Frame(progress));
        }
        else
        {
            terminal.Say(progress.IsEpochEnd ? EpochLine(progress) : StepLine(progress));
        }
    }

    private Rows Frame(TrainingProgress now)
    {
        var done = (int)(40 * now.Step / Math.Max(1, now.Steps));
        var bar = new string('━', done) + new string('╌', 40 - done);
        var table = new Table().Border(TableBorder.Simple).AddColumns("epoch", "loss", "tokens/s");
        var metrics = _epochs.FirstOrDefault()?.Validation?.All.Keys.ToList() ?? [];
        foreach (var metric in metrics)
        {
            table.AddColumn(Markup.Escape(metric));
        }

        // The last epochs are enough to see where it goes; the terminal may be small.
        foreach (var epoch in _epochs.TakeLast(10))
        {
            var values = metrics.Select(metric => Number(epoch.Validation!.All[metric], "0.0000"));
            table.AddRow([$"{epoch.Epoch}{(epoch.IsBest && epoch.Validation is not null ? " [green]best[/]" : "")}", Number(epoch.Loss, "0.0000"), Number(epoch.TokensPerSecond, "0"), .. values]);
        }

        return new Rows(table, new Text($"{bar} {StepLine(now)}"));
    }

    private static string StepLine(TrainingProgress now) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {now.Epoch}/{now.Epochs}  step {now.Step}/{now.Steps}  loss {now.Loss:0.0000}  rate {now.LearningRate:0.00e+0}  {now.TokensPerSecond:0} tokens/s  {now.RowsPerSecond:0} rows/s  {Time(now.Remaining)} left");

    private static string EpochLine(TrainingProgress now)
    {
        var metrics = now.Validation is null ? "" : "  " + string.Join("  ", now.Validation.All.Select(pair => $"{pair.Key} {Number(pair.Value, "0.0000")}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {now.Epoch}/{now.Epochs} done  loss {now.Loss:0.0000}{metrics}{(now.IsBest && now.Validation is not null ? "  (best)" : "")}  {now.TokensPerSecond:0} tokens/s  {Time(now.Remaining)} left");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Time(TimeSpan span) => span.TotalHours >= 1 ? span.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : span.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}
