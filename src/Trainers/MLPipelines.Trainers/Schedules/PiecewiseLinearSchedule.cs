using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;

namespace MLPipelines.Trainers.Schedules;

/// <summary>Straight lines through given points.</summary>
/// <remarks>
/// Between two points the factor is interpolated; before the first it is that of the first, after the last that of the last. Points lie at fractions of the run (0 its first step, 1 just
/// after its last) or at steps counted from 0. With a warm-up of w = ⌈ratio · N⌉ steps the factor of step i &lt; w is multiplied with (i + 1) / w.
/// For example the schedule with which RoFormerV2 was trained is {0: 0, 32000: 1, 320000: 0.5, 1280000: 0.1, 2560000: 0.01} in steps.
/// Source: piecewise linear learning rates of bert4keras, https://github.com/bojone/bert4keras.
/// </remarks>
/// <example><code>
/// var schedule = new PiecewiseLinearSchedule(new() { Unit = PiecewiseLinearSchedule.Unit.Step, Points = [new(0, 0), new(1000, 1), new(20000, 0.1)] });
/// </code></example>
[PipelineComponent("schedule.piecewise-linear.v1", Source = "https://github.com/bojone/bert4keras", Summary = "Straight lines through given points")]
public sealed class PiecewiseLinearSchedule(PiecewiseLinearSchedule.Options options) : ISchedule
{
    /// <summary>In what the points' places are counted.</summary>
    public enum Unit
    {
        /// <summary>Fractions of the run.</summary>
        Fraction,

        /// <summary>Steps, from 0.</summary>
        Step,
    }

    /// <summary>A place in the run and the factor there.</summary>
    /// <param name="At">The place, at least 0, in the unit of the options.</param>
    /// <param name="Factor">The factor, in [0, 1].</param>
    public sealed record Point([property: Range(0.0, 1e15)] double At, [property: Range(0.0, 1.0)] double Factor);

    /// <summary>Settings of <see cref="PiecewiseLinearSchedule"/>.</summary>
    public sealed record Options : IValidatableObject
    {
        /// <summary>In what the points' places are counted.</summary>
        /// <value>The default is <see cref="Unit.Fraction"/>.</value>
        [EnumDataType(typeof(Unit))]
        public Unit Unit { get; init; } = Unit.Fraction;

        /// <summary>The points, at rising places; at least one, and at least one with a factor above 0.</summary>
        /// <value>The default is from 1 at the beginning to 0 at the end.</value>
        [Required]
        public IReadOnlyList<Point> Points { get; init; } = [new(0, 1), new(1, 0)];

        /// <summary>The part of all steps in which the rate rises in addition, in [0, 1].</summary>
        /// <value>The default is 0.</value>
        [Range(0.0, 1.0)]
        public double WarmUpRatio { get; init; }

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (Points is null) yield break;
            if (Points.Zip(Points.Skip(1)).Any(pair => pair.First.At >= pair.Second.At)) yield return new("The places of the points must rise.", [nameof(Points)]);
            if (!Points.Any(point => point.Factor > 0)) yield return new("At least one point must have a factor above 0.", [nameof(Points)]);
            if (Unit == Unit.Fraction && Points.Any(point => point.At > 1)) yield return new("Places are fractions of the run, at most 1; set Unit to Step to count steps.", [nameof(Points)]);
        }
    }

    readonly Options options = OptionsValidator.Validate(options, "schedule.piecewise-linear.v1");

    /// <summary>Makes the schedule with its default options.</summary>
    public PiecewiseLinearSchedule() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public double Factor(long step, long steps)
    {
        var warmUp = WarmUp.Steps(options.WarmUpRatio, step, steps);
        var factor = At(options.Unit == Unit.Step ? step : step / (double)steps);
        return step < warmUp ? WarmUp.Factor(step, warmUp) * factor : factor;
    }

    double At(double place)
    {
        var points = options.Points;
        if (place <= points[0].At) return points[0].Factor;
        for (var i = 1; i < points.Count; i++)
        {
            var (left, right) = (points[i - 1], points[i]);
            if (place < right.At) return left.Factor + (right.Factor - left.Factor) * (place - left.At) / (right.At - left.At);
        }
        return points[^1].Factor;
    }
}
