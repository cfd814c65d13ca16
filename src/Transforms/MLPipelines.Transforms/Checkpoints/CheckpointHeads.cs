using MLPipelines.Layers;
using static TorchSharp.torch;

namespace MLPipelines.Checkpoints;

/// <summary>Heads that a checkpoint holds beside its encoder. They stay the caller's.</summary>
/// <param name="Pooler">The pooler over the first token.</param>
/// <param name="LanguageModelHead">The masked-language-model head.</param>
public sealed record CheckpointHeads(FirstTokenPooler? Pooler = null, nn.Module<Tensor, Tensor, Tensor>? LanguageModelHead = null);
