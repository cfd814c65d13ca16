using System.ComponentModel.DataAnnotations;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLPipelines.Checkpoints;
using MLPipelines.Components;
using MLPipelines.Encoders;
using MLPipelines.Tokenizers;
using MLPipelines.Trainers.Losses;
using MLPipelines.Trainers.Pretraining;
using MLPipelines.Trainers.Training;

namespace MLPipelines.Trainers;

/// <summary>Pretrains an encoder on plain text by letting it guess hidden words, and writes it as a checkpoint that every trainer takes as <see cref="TrainerOptions.Encoder"/>.</summary>
/// <remarks>
/// 15 % of the tokens of each sequence are chosen, word by word; 80 % of these become [MASK], 10 % a random token, 10 % stay. The loss is the cross entropy of the tokens that stood there;
/// scores are computed at these places only. Words are runs of letters, and groups of Chinese characters that the texts themselves show to hang together; or those of the tokenizer, where it
/// cuts text into words. Every epoch hides other words. A part of the texts is held out; loss and accuracy there are reported after each epoch, and the best epoch is kept.
/// Sources: https://arxiv.org/abs/1810.04805, https://arxiv.org/abs/1906.08101 (whole words).
/// </remarks>
/// <example><code>
/// new MaskedLanguageModelTrainer(mlContext, new() { Minutes = 25, Seed = 1 }).Train(File.ReadLines("texts.txt"), "my-encoder");
/// var ner = mlContext.SpanExtraction().Trainers.GlobalPointer(new() { Encoder = "my-encoder" });
/// </code></example>
public sealed class MaskedLanguageModelTrainer
{
    const string Name = nameof(MaskedLanguageModelTrainer);

    /// <summary>Settings of <see cref="MaskedLanguageModelTrainer"/>.</summary>
    public sealed record Options : TrainerOptions, IValidatableObject
    {
        /// <summary>Makes settings with the defaults that suit pretraining: sequences of up to 128 tokens, 64 in a batch, 1 % of the texts held out.</summary>
        public Options() => (MaximumLength, WindowOverlap, BatchSize, ValidationFraction) = (128, 0, 64, 0.01);

        /// <summary>The part of the tokens that is chosen for guessing, above 0 and at most 0.9.</summary>
        /// <value>The default is 0.15.</value>
        [Range(0.0, 0.9, MinimumIsExclusive = true)]
        public double MaskedShare { get; init; } = 0.15;

        /// <inheritdoc/>
        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Contradictions();
    }

    readonly IHostEnvironment environment;
    readonly Options options;

    /// <summary>Makes the trainer.</summary>
    /// <param name="environment">The environment, usually an <see cref="MLContext"/>.</param>
    /// <param name="options">Encoder and training settings; never changed.</param>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all of them.</exception>
    public MaskedLanguageModelTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        this.environment = environment;
        this.options = OptionsValidator.Validate(options, Name);
        EncoderSource.Check(options);
        options.CheckSteps(typeof(PretrainingTask), Name);
    }

    /// <summary>Pretrains.</summary>
    /// <param name="texts">The texts; read once and kept. Empty ones are passed over.</param>
    /// <param name="directory">Where the checkpoint goes; it appears when training has ended.</param>
    /// <returns>What happened.</returns>
    /// <exception cref="DataFormatException">There are no texts.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; see <see cref="TrainerOptions.OnCancellation"/>.</exception>
    /// <exception cref="InvalidOperationException">Training diverged, the device is not there, or the architecture cannot be pretrained in this way.</exception>
    public TrainingReport Train(IEnumerable<string> texts, string directory)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        using var session = new TrainingSession(environment, Name, options);
        var all = texts.Where(text => !string.IsNullOrWhiteSpace(text)).ToList();
        if (all.Count == 0) throw TrainerErrors.NoRows("training");
        var (training, heldOut) = session.Split(all);
        using var source = session.Remembered(EncoderSource.Create(options, training, session.Generator, sparseGradients: false));
        var encoder = source.Encoder as IMaskedLanguageModel ?? throw TrainerErrors.NoLanguageModel(source.Encoder.GetType().Name);

        var words = new WholeWords(ChineseWords.Learn(source.Tokenizer is IWordTokenizer ? [] : training));
        var examples = PretrainingText.Create(training, source.Tokenizer, words, encoder.MaximumLength, session.CancellationToken);
        if (examples.Count == 0) throw TrainerErrors.NoRows("training");
        var masking = new TokenMasking(source.Tokenizer, options.MaskedShare);
        var head = source.TakeLanguageModelHead() ?? encoder.CreateLanguageModelHead(session.Generator);
        source.TakeEncoder();
        using var model = session.ToDevice(new MaskedLanguageModel(encoder, head));
        var task = new PretrainingTask(
            model, examples, PretrainingText.Create(heldOut, source.Tokenizer, words, encoder.MaximumLength, session.CancellationToken), masking, new SoftmaxCrossEntropyLoss(),
            source.Tokenizer.PadId, session.Device, session.Generator, options.BatchSize);
        var report = session.Run(task, source.Warnings);
        EncoderCheckpoint.Save(directory, encoder, source.Tokenizer, new CheckpointHeads(LanguageModelHead: head));
        options.Completed?.Invoke(report);
        return report;
    }
}
