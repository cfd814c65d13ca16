using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Testing;
using Xunit;

namespace Acme.Tests;

[ContractOf(typeof(AcmeEncoder))]
public sealed class AcmeEncoderContract : EncoderContractTests
{
    protected override EncoderContractCase Case => new(
        (dropout, generator) => new AcmeEncoder(new() { VocabularySize = 30, HiddenSize = 8, Layers = 2, MaximumLength = 16, Dropout = dropout }, generator),
        [.. Embeddings, .. Layer(0), .. Layer(1)]);

    static string[] Embeddings =>
    [
        "embeddings.word_embeddings.weight [30, 8]", "embeddings.token_type_embeddings.weight [2, 8]", "embeddings.LayerNorm.weight [8]", "embeddings.LayerNorm.bias [8]",
    ];

    static string[] Layer(int i) =>
    [
        $"layer.{i}.mixing.dense.weight [8, 24]", $"layer.{i}.mixing.dense.bias [8]", $"layer.{i}.mixing.LayerNorm.weight [8]", $"layer.{i}.mixing.LayerNorm.bias [8]",
        $"layer.{i}.intermediate.dense.weight [16, 8]", $"layer.{i}.intermediate.dense.bias [16]",
        $"layer.{i}.output.dense.weight [8, 16]", $"layer.{i}.output.dense.bias [8]", $"layer.{i}.output.LayerNorm.weight [8]", $"layer.{i}.output.LayerNorm.bias [8]",
    ];
}

public sealed class AcmeEncoderTests
{
    [Fact]
    public void Trainers_can_choose_it_by_name_and_size_it()
    {
        var found = new ComponentReference("acme").Find<IEncoder>(new ComponentRegistry().AddAssembly(typeof(AcmeEncoder).Assembly));
        var options = (AcmeEncoder.Options)new EncoderShape(VocabularySize: 100, Layers: 3, HiddenSize: 16, Heads: 2, MaximumLength: 32, Dropout: 0).OptionsOf(found);

        Assert.Equal((100, 3, 16, 32), (options.VocabularySize, options.Layers, options.HiddenSize, options.MaximumLength));
    }
}
