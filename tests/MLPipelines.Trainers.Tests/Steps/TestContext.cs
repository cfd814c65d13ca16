using MLPipelines.Trainers.Tests.Training;
using MLPipelines.Trainers.Training;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Steps;

/// <summary>The context of one step, outside a training loop.</summary>
static class TestContext
{
    public static StepContext Of(ToyTask toy, Generator generator, ITrainingTask task, TrainingBatch? batch = null) => new()
    {
        Task = task, Groups = [], Generator = generator, Batch = batch ?? toy.CreateBatch([0, 1]), Step = 0, Epoch = 1, LearningRate = 1,
    };
}
