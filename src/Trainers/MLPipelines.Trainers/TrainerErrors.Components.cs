using MLPipelines.Components;

namespace MLPipelines.Trainers;

/// <summary>Messages of optimisers, regularisers and losses.</summary>
static partial class TrainerErrors
{
    public static ArgumentException RuleFitsNothing(string names, IEnumerable<string> parameters) => new(Errors.Text(
        "MLP220", $"no parameter has a name like '{names}'", expected: List([.. parameters])));

    public static ArgumentException NoLayers(IEnumerable<string> parameters) => new(Errors.Text(
        "MLP221", "layer decay needs parameters whose names say their layer", expected: "names such as 'encoder.layer.3.attention.self.query.weight'", got: List([.. parameters])));

    public static InvalidOperationException NeedsTask(string step, Type needed, object task) => new(Errors.Text(
        "MLP222", $"'{step}' cannot be used with this task", expected: $"a task that implements {needed.Name}", got: task.GetType().Name, advice: "Leave the step out, or implement the interface"));

    public static InvalidOperationException EvaluationSkipped() => new(Errors.Text(
        "MLP225", "a training step did not evaluate the model", expected: "a call of 'next' in ITrainingStep.Evaluate"));

    public static ArgumentException ClassWeights(long classes, int weights) => new(Errors.Text(
        "MLP224", "the loss needs one weight for each class", expected: Invariant($"{classes} weights"), got: Invariant($"{weights}")));

    public static InvalidOperationException NoTable(string? table, IReadOnlyList<string> tables) => new(Errors.Text(
        "MLP223", table is null ? "the model has no embedding table to perturb" : $"the model has no embedding table '{table}'", expected: tables.Count == 0 ? "an Embedding module" : $"one of {List(tables)}"));
}
