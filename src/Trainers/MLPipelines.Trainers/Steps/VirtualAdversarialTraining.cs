using System.ComponentModel.DataAnnotations;
using MLPipelines.Components;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Steps;

/// <summary>VAT: the answer shall not change when the embedding table is moved a little in the direction in which the answer changes most.</summary>
/// <remarks>
/// With f(x; E) the raw scores for the token table E and D the task's divergence from a reference: u is random with ‖u‖ = 1; then, as often as
/// <see cref="Options.Iterations"/> says, g = ∂D(f(x; E), f(x; E + ξu)) / ∂u and u ← g/‖g‖; the loss grows by w · D(f(x; E), f(x; E + εu)). The reference f(x; E) is cut off from
/// its graph. Norms are over the whole table; the random u is drawn only for the rows that occur in the batch, with the share of the whole table's norm that these rows have on average.
/// The reference is the last pass of the steps inside. All passes use its dropout masks, so D measures the move alone. No labels are needed: where the task has rows without any (<see cref="IUnlabeledTask"/>), a batch of them is
/// added in each step, and D is the mean over all rows. A step takes about three times as long.
/// <para>The weights are never written to: the move is added to what the table gives during a forward pass, and is gone afterwards, also when the pass throws.</para>
/// The task implements <see cref="IConsistencyTask"/>; the module has its token table in an embedding module.
/// Source: Miyato et al., Virtual Adversarial Training, https://arxiv.org/abs/1704.03976; on the embedding table, https://kexue.fm/archives/7466.
/// </remarks>
/// <example><code>
/// var loop = new TrainingLoop(options, new AdamW(), new LinearSchedule(), [new VirtualAdversarialTraining(), new GradientClipping()]);
/// </code></example>
[PipelineComponent("step.vat.v1", Source = "https://arxiv.org/abs/1704.03976", Summary = "Answers that do not change under the worst small move of the embedding table")]
public sealed class VirtualAdversarialTraining(VirtualAdversarialTraining.Options options) : ITrainingStep
{
    /// <summary>Settings of <see cref="VirtualAdversarialTraining"/>.</summary>
    public sealed record Options
    {
        /// <summary>The weight w of the divergence, at least 0; 0 turns it off.</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, 1e6)]
        public double Weight { get; init; } = 1;

        /// <summary>The length ε of the move that is penalised, above 0.</summary>
        /// <value>The default is 1.</value>
        [Range(0.0, 1e6, MinimumIsExclusive = true)]
        public double Epsilon { get; init; } = 1;

        /// <summary>The length ξ of the moves by which its direction is found, above 0.</summary>
        /// <value>The default is 10.</value>
        [Range(0.0, 1e6, MinimumIsExclusive = true)]
        public double Xi { get; init; } = 10;

        /// <summary>Rounds in which the direction is improved, at least 1. Each costs a pass forward and back.</summary>
        /// <value>The default is 1.</value>
        [Range(1, 100)]
        public int Iterations { get; init; } = 1;

        /// <summary>The name of the table among the module's parameters; null takes the weight of the embedding module with the most rows.</summary>
        /// <value>The default is null.</value>
        public string? Table { get; init; }

        /// <summary>Rows without labels in each step, at least 0, where the task has such rows; null takes as many as the batch has rows.</summary>
        /// <value>The default is null.</value>
        [Range(0, 1_000_000)]
        public int? UnlabeledRows { get; init; }
    }

    readonly Options options = OptionsValidator.Validate(options, "step.vat.v1");

    /// <summary>Makes the middleware with its default options.</summary>
    public VirtualAdversarialTraining() : this(new Options())
    {
    }

    /// <inheritdoc/>
    public Type NeededTask => options.Weight == 0 ? typeof(ITrainingTask) : typeof(IConsistencyTask);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The task has no divergence, or its module no embedding table.</exception>
    public Tensor ComputeLoss(StepContext context, Func<StepContext, Tensor> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (options.Weight == 0) return next(context);
        if (context.Task is not IConsistencyTask task) throw TrainerErrors.NeedsTask("step.vat.v1", typeof(IConsistencyTask), context.Task);
        var table = EmbeddingTable.Find(task.Module, options.Table);
        var loss = next(context);
        // Steps inside may have run several passes, or blended rows: the reference is the last pass, with its batch and its dropout.
        var sensitivity = Sensitivity(task, table, context.ScoredBatch!, context.Logits!.detach(), context.StateOfPass!, context.Generator);
        if (Unlabeled(context) is { } unlabeled)
        {
            var random = context.Generator.get_state();
            Tensor reference;
            using (no_grad()) reference = task.Forward(unlabeled);
            var other = Sensitivity(task, table, unlabeled, reference, random, context.Generator);
            var share = context.Batch.Rows / (double)(context.Batch.Rows + unlabeled.Rows);
            sensitivity = sensitivity.mul(share).add(other, 1 - share);
        }
        return loss.add(sensitivity, options.Weight);
    }

    TrainingBatch? Unlabeled(StepContext context)
    {
        if (context.Task is not IUnlabeledTask { UnlabeledLengths.Count: > 0 and var available } task || options.UnlabeledRows == 0) return null;
        using var rows = randint(0, available, [options.UnlabeledRows ?? context.Batch.Rows], ScalarType.Int64, CPU, false, context.Generator);
        return task.CreateUnlabeledBatch([.. rows.data<long>().ToArray().Select(row => (int)row).Distinct()]);
    }

    /// <summary>D(reference, f(x; E + εu)) for the worst u, with a graph. Every pass begins with the given state of the generator, that from before the reference.</summary>
    Tensor Sensitivity(IConsistencyTask task, EmbeddingTable table, TrainingBatch batch, Tensor reference, Tensor random, Generator generator)
    {
        using var scope = NewDisposeScope();
        var rows = EmbeddingTable.RowsOf(batch.Input.Ids);
        var direction = table.RandomDirection(rows, generator); // [R, H]
        var after = generator.get_state();
        for (var i = 0; i < options.Iterations; i++)
        {
            using var inner = NewDisposeScope();
            var move = direction.mul(options.Xi).requires_grad_(true);
            direction = EmbeddingTable.Unit(autograd.grad([Divergence(move)], [move])[0]).MoveToOuterDisposeScope();
        }
        var result = Divergence(direction.mul(options.Epsilon));
        generator.set_state(after);
        return result.MoveToOuterDisposeScope();

        Tensor Divergence(Tensor move)
        {
            generator.set_state(random); // the same dropout as in the reference
            var scores = table.Moved(rows, move, () => task.Forward(batch));
            return task.DivergenceFrom(reference, scores, batch);
        }
    }
}
