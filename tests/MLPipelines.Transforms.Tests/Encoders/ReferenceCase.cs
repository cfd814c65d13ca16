using System.Text.Json;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Persistence;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

/// <summary>One small encoder of goldens/encoders.json, and checks of ours against it.</summary>
sealed class ReferenceCase
{
    static readonly Golden s_golden = new("encoders.json");

    readonly JsonElement _case;

    public ReferenceCase(string name)
    {
        _case = s_golden["cases"].EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == name);
        var registry = new ComponentRegistry().AddAssembly(typeof(IEncoder).Assembly);
        var info = registry.Get(_case.GetProperty("component").GetString()!);
        Options = (IEncoderOptions)OptionsJson.Read(info.OptionsType!, _case.GetProperty("options"), info.Id);
    }

    public IEncoderOptions Options { get; }

    /// <summary>Names and shapes of the parameters as the reference has them.</summary>
    public IReadOnlyList<string> Parameters => [.. Tensors(_case.GetProperty("weights")).Select(tensor => $"{tensor.Key} [{string.Join(", ", tensor.Value.Shape)}]")];

    public static EncoderInput Input() => new(s_golden.Tensor("inputs", "input_ids"), s_golden.Tensor("inputs", "attention_mask").to(ScalarType.Bool), s_golden.Tensor("inputs", "token_type_ids"));

    /// <summary>Hidden states of all layers, scores of the masked-language-model head and both poolings.</summary>
    public void Check(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var encoder = Load((nn.Module)Options.Create(), "weights", dtype);
        var input = Input();
        var states = ((IHiddenStates)encoder).HiddenStates(input);
        var expected = Outputs("hidden_states").EnumerateArray().Select(Golden.ToTensor).ToList();
        Assert.Equal(expected.Count, states.Count);
        foreach (var (reference, state) in expected.Zip(states)) Assert.InRange(Golden.Distance(reference, state), 0, tolerance);
        Assert.Equal(0, Golden.Distance(states[^1], ((IEncoder)encoder).forward(input)));

        var model = (IMaskedLanguageModel)encoder;
        using var head = (nn.Module<Tensor, Tensor, Tensor>)Load(model.CreateLanguageModelHead(), "head", dtype);
        Assert.InRange(Golden.Distance(Golden.ToTensor(Outputs("mlm_logits")), head.call(states[^1], model.TokenWeights)), 0, 4 * tolerance);
        if (encoder is IPooledEncoder pooled)
        {
            foreach (var activation in new[] { "tanh", "linear" })
            {
                using var pooler = pooled.CreatePooler(activation);
                Load(pooler, "pooler", dtype);
                Assert.InRange(Golden.Distance(Golden.ToTensor(Outputs("pooled_" + activation)), pooler.call(states[^1])), 0, 4 * tolerance);
            }
        }
        encoder.Dispose();
    }

    /// <summary>The gradient of every parameter, along a random direction, against the difference that a small step makes.</summary>
    public void CheckGradients()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        using var encoder = Load((nn.Module)Options.Create(), "weights", ScalarType.Float64);
        var input = Input();
        using var head = (nn.Module<Tensor, Tensor, Tensor>)Load(((IMaskedLanguageModel)encoder).CreateLanguageModelHead(), "head", ScalarType.Float64);
        var weights = randn(3, 7, ((IEncoder)encoder).VocabularySize, dtype: ScalarType.Float64, generator: generator);
        Tensor Loss() => head.call(((IEncoder)encoder).forward(input), ((IMaskedLanguageModel)encoder).TokenWeights).mul(weights).sum();

        Loss().backward();
        foreach (var (name, parameter) in encoder.named_parameters().Concat(head.named_parameters()))
        {
            var direction = randn(parameter.shape, dtype: ScalarType.Float64, generator: generator);
            var gradient = parameter.grad!.is_sparse ? parameter.grad.to_dense() : parameter.grad;
            var slope = gradient.mul(direction).sum().ToDouble();
            using var noGrad = no_grad();
            const double Step = 1e-5;
            parameter.add_(direction, Step);
            var above = Loss().ToDouble();
            parameter.add_(direction, -2 * Step);
            var below = Loss().ToDouble();
            parameter.add_(direction, Step);
            Assert.True(Math.Abs(((above - below) / (2 * Step)) - slope) < 1e-5 * (1 + Math.Abs(slope)), $"{name}: {(above - below) / (2 * Step)} against {slope}");
        }
    }

    JsonElement Outputs(string name) => _case.GetProperty("outputs").GetProperty(name);

    nn.Module Load(nn.Module module, string part, ScalarType dtype)
    {
        module.eval();
        module.to(dtype);
        ModuleWeights.Import(module, Tensors(_case.GetProperty(part)), part);
        return module;
    }

    /// <summary>Tensors of a JSON object, in float64.</summary>
    public static IReadOnlyDictionary<string, TensorData> Tensors(JsonElement tensors)
        => tensors.EnumerateObject().ToDictionary(entry => entry.Name, entry => new TensorData("F64", Shape(entry.Value), Bytes(entry.Value)), StringComparer.Ordinal);

    static long[] Shape(JsonElement tensor) => [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

    static byte[] Bytes(JsonElement tensor) => [.. tensor.GetProperty("data").EnumerateArray().SelectMany(value => BitConverter.GetBytes(value.GetDouble()))];
}
