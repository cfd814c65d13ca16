using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Persistence;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Testing;

/// <summary>The checks of the checkpoint format contract.</summary>
static class CheckpointFormatChecks
{
    static readonly string[] s_vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "中", "国"];

    public static IEnumerable<ContractCheck<CheckpointFormatContractCase>> For(CheckpointFormatContractCase @case)
    {
        yield return new(ConfigurationSurvives);
        yield return new(ConfigurationOfAnotherTypeIsNotDescribed);
        yield return new(EncoderOfAnotherFamilyIsNotWritten);
        yield return new(NamesAreRecognized);
        yield return new(CheckpointSurvivesSaveAndLoad);
        yield return new(BuffersAreIgnored);
        if (@case.Required.Count > 0) yield return new(MissingKeyIsNamed);
        yield return new(DifferentWeightsAreListed);
        yield return new(FreesNativeMemory);
    }

    public static void ConfigurationSurvives(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        foreach (var head in new[] { false, true })
        {
            var config = Config(made, head);
            Require.That(@case.Format.Describes(config), "the format does not describe the configuration that it wrote");
            Require.Equal(Json(@case.Options), Json(@case.Format.ReadOptions(config)), "the options, written as a configuration and read again");
        }
    }

    public static void ConfigurationOfAnotherTypeIsNotDescribed(CheckpointFormatContractCase @case)
        => Require.That(!@case.Format.Describes(new(new() { ["model_type"] = "some-other-model" }, "config.json")), "the format describes configurations of every type");

    public static void EncoderOfAnotherFamilyIsNotWritten(CheckpointFormatContractCase @case)
        => Require.That(@case.Format.WriteConfig(new Other(), false) is null, "the format writes a configuration for an encoder that it does not know");

    public static void NamesAreRecognized(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        Require.That(@case.Format.Recognizes(made.Module.state_dict().Keys.ToHashSet(StringComparer.Ordinal)), "the format does not recognize the names of its own encoder");
        Require.That(!@case.Format.Recognizes(new HashSet<string> { "some.other.weight" }), "the format recognizes names that are not its own");
        Require.That(made.Module.state_dict().ContainsKey(@case.Format.TokenEmbedding), $"the encoder has no parameter '{@case.Format.TokenEmbedding}'");
    }

    public static void CheckpointSurvivesSaveAndLoad(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        using var saved = made.Save();
        using var loaded = EncoderCheckpoint.Load(saved.Path);
        Require.Equal(ComponentInfo.Of(@case.Format.GetType()).Id, loaded.Format, "the format");
        Require.Equal(Json(@case.Options), Json(loaded.Encoder.Settings), "the options");
        Require.Equal(string.Join(" ", s_vocabulary), string.Join(" ", loaded.Tokenizer.Vocabulary), "the vocabulary");
        Same(made.Module, (nn.Module)loaded.Encoder, "encoder");
        Require.That(loaded.Warnings.Count == 0, $"there are warnings: {string.Join(" ", loaded.Warnings)}");
        Require.That(loaded.Pooler is not null == made.Heads.Pooler is not null && loaded.LanguageModelHead is not null == made.Heads.LanguageModelHead is not null, "a head is lost");
        if (loaded.Pooler is not null)
        {
            Same(made.Heads.Pooler!, loaded.Pooler, "pooler");
            Require.Equal("linear", loaded.Pooler.Activation, "the pooler's activation");
        }
        if (loaded.LanguageModelHead is not null) Same(made.Heads.LanguageModelHead!, loaded.LanguageModelHead, "language model head");
    }

    public static void BuffersAreIgnored(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        using var saved = made.Save();
        saved.Change(tensors =>
        {
            foreach (var buffer in @case.Format.Buffers) tensors[@case.Format.Prefix + buffer] = new("F32", [1], new byte[4]);
        });
        using var loaded = EncoderCheckpoint.Load(saved.Path);
        Same(made.Module, (nn.Module)loaded.Encoder, "encoder");
    }

    public static void MissingKeyIsNamed(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        foreach (var key in @case.Required)
        {
            var config = Config(made, head: false).With(key, null);
            try
            {
                @case.Format.ReadOptions(config);
                Require.Fail($"a configuration without '{key}' was read");
            }
            catch (DataFormatException exception)
            {
                Require.That(exception.Message.Contains($"'{key}'", StringComparison.Ordinal), $"the message does not name '{key}': {exception.Message}");
            }
        }
    }

    public static void DifferentWeightsAreListed(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        using var saved = made.Save();
        var names = made.Module.state_dict().Keys.Select(name => @case.Format.Prefix + name).Where(name => !name.EndsWith(@case.Format.TokenEmbedding, StringComparison.Ordinal)).Take(2).ToList();
        saved.Change(tensors =>
        {
            tensors.Remove(names[0]);
            tensors[names[1]] = new("F32", [1, 1, 1], new byte[4]);
            tensors[@case.Format.Prefix + "surplus"] = new("F32", [1], new byte[4]);
        });
        try
        {
            using var loaded = EncoderCheckpoint.Load(saved.Path);
            Require.Fail("weights that are missing, unexpected or of another shape were accepted");
        }
        catch (InvalidDataException exception)
        {
            foreach (var name in names.Append(@case.Format.Prefix + "surplus")) Require.That(exception.Message.Contains(name, StringComparison.Ordinal), $"the message does not name '{name}': {exception.Message}");
        }
    }

    public static void FreesNativeMemory(CheckpointFormatContractCase @case)
    {
        using var made = new Made(@case);
        using var saved = made.Save();
        NativeMemory.RequireNoLeak("loading a checkpoint and disposing it", 3, () => EncoderCheckpoint.Load(saved.Path).Dispose());
        NativeMemory.RequireNoLeak("saving a checkpoint", 3, () => made.Save().Dispose());
    }

    static CheckpointConfig Config(Made made, bool head)
        => new(made.Case.Format.WriteConfig(made.Encoder, head) ?? throw new ContractViolationException("the format does not write its own encoder"), "config.json");

    static string Json(object options) => OptionsJson.Write(options).ToJsonString();

    static void Same(nn.Module expected, nn.Module actual, string what)
    {
        var (before, after) = (ModuleWeights.Export(expected), ModuleWeights.Export(actual));
        Require.Equal(string.Join(" ", before.Keys.Order(StringComparer.Ordinal)), string.Join(" ", after.Keys.Order(StringComparer.Ordinal)), $"the names of the {what}");
        foreach (var (name, tensor) in before) Require.That(tensor.Data.Span.SequenceEqual(after[name].Data.Span), $"the {what}'s '{name}' has other values after saving and loading");
        Require.That(!actual.training, $"the {what} is in training mode");
    }

    /// <summary>An encoder of a family that no format knows.</summary>
    sealed class Other : IEncoder
    {
        public int HiddenSize => 2;

        public int MaximumLength => 2;

        public int VocabularySize => 2;

        public object Settings => this;

        public Tensor forward(EncoderInput input) => throw new NotSupportedException();
    }

    sealed class Made : IDisposable
    {
        readonly Generator _generator = new(5);

        public Made(CheckpointFormatContractCase @case)
        {
            Case = @case;
            Encoder = @case.Options.Create(_generator);
            Heads = new((Encoder as IPooledEncoder)?.CreatePooler("linear", _generator), (Encoder as IMaskedLanguageModel)?.CreateLanguageModelHead(_generator));
        }

        public CheckpointFormatContractCase Case { get; }

        public IEncoder Encoder { get; }

        public nn.Module Module => (nn.Module)Encoder;

        public CheckpointHeads Heads { get; }

        public Saved Save()
        {
            var saved = new Saved();
            EncoderCheckpoint.Save(saved.Path, Encoder, new WordPieceTextTokenizer(s_vocabulary), Heads);
            return saved;
        }

        public void Dispose()
        {
            Module.Dispose();
            Heads.Pooler?.Dispose();
            Heads.LanguageModelHead?.Dispose();
            _generator.Dispose();
        }
    }

    sealed class Saved : IDisposable
    {
        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), Guid.NewGuid().ToString("N"));

        public void Change(Action<Dictionary<string, TensorData>> change)
        {
            var file = System.IO.Path.Combine(Path, "model.safetensors");
            var tensors = Safetensors.Read(File.ReadAllBytes(file)).ToDictionary(StringComparer.Ordinal);
            change(tensors);
            using var stream = File.Create(file);
            Safetensors.Write(stream, tensors);
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
