using MLPipelines.Layers;
using MLPipelines.Spans;
using MLPipelines.Trainers.Losses;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Tests.Losses;

/// <summary>Head, cell mask and loss together, as in training, against the gradients of the GlobalPointer author's loss.</summary>
public sealed class GlobalPointerGradientTests
{
    [Fact]
    public void Loss_and_gradients_of_input_and_weights_are_those_of_the_reference()
    {
        using var scope = NewDisposeScope();
        var (model, expected) = (Golden.Load("global_pointer.json"), Golden.Load("global_pointer_loss_and_f1.json"));
        using var head = new GlobalPointerHead(hidden: 16, entityTypes: 3, maximumLength: 9, new() { HeadSize = 8 });
        var parameters = head.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using (no_grad())
        {
            foreach (var name in new[] { "dense.weight", "dense.bias" }) parameters[name].copy_(model.At("weights").At(name).Tensor(ScalarType.Float32));
        }
        var x = model.At("inputs").At("x").Tensor(ScalarType.Float32).requires_grad_();
        var cells = SpanExtractionModel.CellMask(model.At("inputs").At("mask").Tensor(ScalarType.Bool));
        var targets = ZlprGoldenTests.Sparse(expected.At("labels").Tensor(ScalarType.Float64).flatten(2));

        var loss = new SparseZlprLoss().Compute(head.call(x).flatten(2), targets, cells.flatten(2));
        loss.backward();

        Assertions.Close([expected.At("loss").GetDouble()], loss.Doubles(), 1e-5);
        Assertions.Close(expected.At("grad_x").Tensor(ScalarType.Float64).Doubles(), x.grad!.Doubles(), 1e-4, 1e-6);
        using var weightGradient = parameters["dense.weight"].grad!;
        Assertions.Close(expected.At("grad_dense_weight").Tensor(ScalarType.Float64).Doubles(), weightGradient.Doubles(), 1e-4, 1e-6);
    }
}
