using System.Globalization;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Host.Terminals;

/// <summary>Shows a training run: a line for each epoch, and below them on a terminal the present state with a bar, drawn in place; elsewhere a line every few seconds.</summary>
internal sealed class TrainingView(Terminal terminal, TimeProvider clock)
{
    private const int WidestBar = 80;

    private static readonly TimeSpan s_betweenLines = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_betweenFrames = TimeSpan.FromMilliseconds(125);
    private readonly LiveLines? _live = terminal is { IsInteractive: true, Quiet: false } ? new(terminal.Error, () => terminal.Width) : null;
    private long _last;
    private bool _first = true;

    /// <summary>Runs the training with the view around it.</summary>
    internal T Show<T>(Func<Action<TrainingProgress>, T> train)
    {
        _live?.Draw("preparing …");
        try
        {
            return train(Report);
        }
        finally
        {
            _live?.Clear();
        }
    }

    private void Report(TrainingProgress progress)
    {
        var due = clock.GetElapsedTime(_last) >= (_live is null ? s_betweenLines : s_betweenFrames);
        if (!progress.IsEpochEnd && !due && !_first)
        {
            return;
        }

        (_first, _last) = (false, clock.GetTimestamp());
        if (_live is null)
        {
            terminal.Say(progress.IsEpochEnd ? EpochLine(progress) : string.Join("  ", State(progress)));
        }
        else if (progress.IsEpochEnd)
        {
            _live.Keep(EpochLine(progress), StateLine(progress), Bar(progress));
        }
        else
        {
            _live.Draw(StateLine(progress), Bar(progress));
        }
    }

    // As many of the parts as there is room for: the first ones matter most.
    private string StateLine(TrainingProgress now)
    {
        var line = "";
        foreach (var part in State(now).Select((part, i) => i == 0 ? part : "  " + part).TakeWhile(part => line.Length + part.Length <= _live!.Width))
        {
            line += part;
        }

        return line;
    }

    private string Bar(TrainingProgress now)
    {
        var share = Math.Clamp(now.Step / (double)Math.Max(1, now.Steps), 0, 1);
        var cells = Math.Max(1, Math.Min(WidestBar, _live!.Width) - " 100%".Length);
        var done = (int)(cells * share);
        return new string('━', done) + new string('╌', cells - done) + string.Create(CultureInfo.InvariantCulture, $" {(int)(100 * share),3}%");
    }

    private static string[] State(TrainingProgress now) =>
    [
        $"epoch {now.Epoch}/{now.Epochs}", $"loss {Number(now.Loss, "0.0000")}", $"{Duration.Text(now.Remaining)} left", $"step {now.Step}/{now.Steps}", $"{Number(now.TokensPerSecond, "0")} tokens/s",
        $"rate {Number(now.LearningRate, "0.00e+0")}", $"{Number(now.RowsPerSecond, "0")} rows/s",
    ];

    private static string EpochLine(TrainingProgress now)
    {
        var metrics = now.Validation is null ? "" : "  " + string.Join("  ", now.Validation.All.Select(pair => $"{pair.Key} {Number(pair.Value, "0.0000")}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {now.Epoch}/{now.Epochs} done  loss {now.Loss:0.0000}{metrics}{(now.IsBest && now.Validation is not null ? "  (best)" : "")}  {now.TokensPerSecond:0} tokens/s  {Duration.Text(now.Remaining)} left");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
