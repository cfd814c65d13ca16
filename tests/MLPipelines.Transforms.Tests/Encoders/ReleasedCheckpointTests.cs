using System.Globalization;
using MLPipelines.Encoders;
using MLPipelines.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace MLPipelines.Transforms.Tests.Encoders;

/// <summary>
/// Names and shapes of every released model are reviewed files under Released. To accept a change: <c>APPROVE_CHECKPOINTS=1 dotnet test tests/MLPipelines.Transforms.Tests --filter Released</c>.
/// </summary>
public sealed class ReleasedCheckpointTests
{
    public static TheoryData<string> Names => [.. Releases.Keys.Order(StringComparer.Ordinal)];

    static Dictionary<string, IEncoderOptions> Releases { get; } = new(StringComparer.Ordinal)
    {
        ["roformer_chinese_base"] = new RoFormerEncoder.Options { VocabularySize = 50000, MaximumLength = 1536 },
        ["roformer_chinese_small"] = new RoFormerEncoder.Options { VocabularySize = 50000, MaximumLength = 1536, HiddenSize = 384, Layers = 6, Heads = 6 },
        ["roformer_chinese_char_base"] = new RoFormerEncoder.Options(),
        ["roformer_chinese_char_small"] = new RoFormerEncoder.Options { HiddenSize = 384, Layers = 6, Heads = 6 },
        ["roformer_small_discriminator"] = new RoFormerEncoder.Options
        {
            VocabularySize = 30522, MaximumLength = 128, EmbeddingSize = 128, HiddenSize = 256, Layers = 12, Heads = 4, RotaryValue = true,
        },
        ["roformer_small_generator"] = new RoFormerEncoder.Options
        {
            VocabularySize = 30522, MaximumLength = 128, EmbeddingSize = 128, HiddenSize = 64, Layers = 12, Heads = 1, RotaryValue = true,
        },
        ["roformer_v2_chinese_char_base"] = new RoFormerV2Encoder.Options(),
        ["roformer_v2_chinese_char_small"] = new RoFormerV2Encoder.Options { HiddenSize = 384, Layers = 6, Heads = 6 },
        ["roformer_v2_chinese_char_large"] = new RoFormerV2Encoder.Options { HiddenSize = 1024, Layers = 24, Heads = 16 },
        ["chinese_GAU-alpha-char_L-24_H-768"] = new GauAlphaEncoder.Options(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_the_approved_ones(string name)
    {
        var options = Releases[name];
        using var encoder = (nn.Module)options.Create(device: META);
        using var head = ((IMaskedLanguageModel)encoder).CreateLanguageModelHead(device: META);
        using var pooler = (encoder as IPooledEncoder)?.CreatePooler(device: META);
        var tensors = Named(encoder, "").Concat(Named(head, "cls.predictions.")).Concat(pooler is null ? [] : Named(pooler, "pooler.")).ToList();
        Assert.All(tensors, tensor => Assert.True(tensor.Value.is_meta, tensor.Name));

        var inEncoder = encoder.parameters().Sum(parameter => parameter.numel());
        Assert.InRange(options.CountParameters(), 0.99m * inEncoder, inEncoder);
        var actual = tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Value.shape)}]").Order(StringComparer.Ordinal)
            .Prepend(string.Create(CultureInfo.InvariantCulture, $"# {inEncoder} numbers in the encoder")).ToList();
        var file = RepositoryFiles.Path("tests", "MLPipelines.Transforms.Tests", "Encoders", "Released", name + ".approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_CHECKPOINTS") == "1") File.WriteAllLines(file, actual);
        Assert.Equal(File.ReadAllLines(file), actual);
    }

    static IEnumerable<(string Name, Tensor Value)> Named(nn.Module module, string prefix) => module.state_dict().Select(entry => (prefix + entry.Key, entry.Value));
}
