using System.Text.Json.Nodes;
using MLPipelines.Checkpoints;
using MLPipelines.Encoders;
using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Core.Tests.Contract;

/// <summary>The checks that ask the format itself. The others go through files, where the application's own formats are at work, and have tests of their own.</summary>
[Collection(ContractCollection.Name)]
public sealed class CheckpointFormatMutantTests
{
    public enum Fault
    {
        None,
        ForgetsASetting,
        DoesNotKnowItsOwnConfiguration,
        DescribesEverything,
        WritesEverything,
        RecognizesEverything,
        RecognizesNothing,
        MisnamesTheEmbedding,
        FillsInASize,
    }

    static readonly Action<CheckpointFormatContractCase>[] s_checks =
    [
        CheckpointFormatChecks.ConfigurationSurvives, CheckpointFormatChecks.ConfigurationOfAnotherTypeIsNotDescribed, CheckpointFormatChecks.EncoderOfAnotherFamilyIsNotWritten,
        CheckpointFormatChecks.NamesAreRecognized, CheckpointFormatChecks.MissingKeyIsNamed,
    ];

    public static TheoryData<Fault, string> Faults => new()
    {
        { Fault.ForgetsASetting, nameof(CheckpointFormatChecks.ConfigurationSurvives) },
        { Fault.DoesNotKnowItsOwnConfiguration, nameof(CheckpointFormatChecks.ConfigurationSurvives) },
        { Fault.DescribesEverything, nameof(CheckpointFormatChecks.ConfigurationOfAnotherTypeIsNotDescribed) },
        { Fault.WritesEverything, nameof(CheckpointFormatChecks.EncoderOfAnotherFamilyIsNotWritten) },
        { Fault.RecognizesEverything, nameof(CheckpointFormatChecks.NamesAreRecognized) },
        { Fault.RecognizesNothing, nameof(CheckpointFormatChecks.NamesAreRecognized) },
        { Fault.MisnamesTheEmbedding, nameof(CheckpointFormatChecks.NamesAreRecognized) },
        { Fault.FillsInASize, nameof(CheckpointFormatChecks.MissingKeyIsNamed) },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Mutant_is_caught_by_the_check_meant_for_it(Fault fault, string check)
    {
        var run = s_checks.Single(candidate => candidate.Method.Name == check);

        Assert.Throws<ContractViolationException>(() => run(Case(fault)));
    }

    [Fact]
    public void Correct_format_passes_every_check() => Assert.All(s_checks, check => check(Case(Fault.None)));

    static CheckpointFormatContractCase Case(Fault fault)
        => new(new Mutant(fault), new RoFormerEncoder.Options { VocabularySize = 24, EmbeddingSize = 8, HiddenSize = 8, Layers = 2, Heads = 2, IntermediateSize = 12, MaximumLength = 16, RotaryValue = true }, ["hidden_size"]);

    sealed class Mutant(Fault fault) : ICheckpointFormat
    {
        readonly RoFormerCheckpoint _correct = new();

        public string Prefix => _correct.Prefix;

        public string TokenEmbedding => fault == Fault.MisnamesTheEmbedding ? "embeddings.tokens" : "embeddings.word_embeddings.weight";

        public IReadOnlyList<string> Buffers => _correct.Buffers;

        public bool Describes(CheckpointConfig config) => fault == Fault.DescribesEverything || (fault != Fault.DoesNotKnowItsOwnConfiguration && _correct.Describes(config));

        public bool Recognizes(IReadOnlySet<string> names) => fault == Fault.RecognizesEverything || (fault != Fault.RecognizesNothing && _correct.Recognizes(names));

        public IEncoderOptions ReadOptions(CheckpointConfig config)
            => _correct.ReadOptions(fault == Fault.FillsInASize && config.Integer("hidden_size") is null ? config.With("hidden_size", JsonValue.Create(8)) : config);

        public JsonObject? WriteConfig(IEncoder encoder, bool hasLanguageModelHead)
        {
            var config = _correct.WriteConfig(encoder, hasLanguageModelHead);
            if (fault == Fault.WritesEverything) return config ?? [];
            if (fault == Fault.ForgetsASetting) config?.Remove("rotary_value");
            return config;
        }
    }
}
