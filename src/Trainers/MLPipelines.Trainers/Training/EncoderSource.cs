using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;
using static TorchSharp.torch;

namespace MLPipelines.Trainers.Training;

/// <summary>The encoder and the tokenizer that a trainer starts from: those of a checkpoint, or random weights of the chosen architecture and size.</summary>
/// <remarks>Disposing frees the encoder unless it was taken.</remarks>
sealed class EncoderSource : IDisposable
{
    readonly nn.Module<Tensor, Tensor, Tensor>? languageModelHead;
    bool isTaken;
    bool isHeadTaken;

    EncoderSource(IEncoder encoder, ITextTokenizer tokenizer, IReadOnlyList<string> warnings, nn.Module<Tensor, Tensor, Tensor>? languageModelHead = null) =>
        (Encoder, Tokenizer, Warnings, this.languageModelHead) = (encoder, tokenizer, warnings, languageModelHead);

    /// <summary>The encoder, on the CPU.</summary>
    public IEncoder Encoder { get; }

    /// <summary>Its tokenizer.</summary>
    public ITextTokenizer Tokenizer { get; }

    /// <summary>What the user should know about the checkpoint.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Hands the encoder over to a model, which owns it from now on.</summary>
    public IEncoder TakeEncoder()
    {
        isTaken = true;
        return Encoder;
    }

    /// <summary>Hands the checkpoint's masked-language-model head over, which the taker owns from now on; null where there is none.</summary>
    public nn.Module<Tensor, Tensor, Tensor>? TakeLanguageModelHead()
    {
        isHeadTaken = true;
        return languageModelHead;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!isHeadTaken) languageModelHead?.Dispose();
        if (!isTaken) (Encoder as IDisposable)?.Dispose();
    }

    /// <summary>Makes or loads both.</summary>
    /// <param name="options">The trainer's options.</param>
    /// <param name="texts">The training texts; read only where a vocabulary has to be built.</param>
    /// <param name="generator">For first values and dropout.</param>
    /// <param name="sparseGradients">False where the token embedding is also an output map.</param>
    public static EncoderSource Create(TrainerOptions options, IEnumerable<string> texts, Generator generator, bool sparseGradients = true)
    {
        if (options.Encoder is { } directory)
        {
            var checkpoint = EncoderCheckpoint.Load(directory, new()
            {
                MaximumLength = options.MaximumLength, Dropout = options.Dropout, Generator = generator, LowerCase = options.LowerCase, Tokenizer = options.Tokenizer, SparseGradients = sparseGradients ? null : false,
            });
            // The encoder becomes part of the model; only the head that no trainer uses is freed here.
            checkpoint.Pooler?.Dispose();
            return new(checkpoint.Encoder, checkpoint.Tokenizer, checkpoint.Warnings, checkpoint.LanguageModelHead);
        }
        var tokenizer = options.CreateTokenizer(texts);
        var shape = options.Shape(tokenizer.Vocabulary.Count) with { SparseGradients = sparseGradients };
        return new(EncoderOptions(options, shape).Create(generator), tokenizer, []);
    }

    /// <summary>Fails where no encoder or tokenizer can be made from the options, before any data are read.</summary>
    public static void Check(TrainerOptions options)
    {
        options.Tokenizer?.Find<ITextTokenizer>(ComponentRegistry.OfApplication());
        if (options.Encoder is null) EncoderOptions(options, options.Shape(vocabularySize: 1));
    }

    static IEncoderOptions EncoderOptions(TrainerOptions options, EncoderShape shape) =>
        shape.OptionsOf(options.Architecture.Find<IEncoder>(ComponentRegistry.OfApplication()), options.Architecture.Options);
}
