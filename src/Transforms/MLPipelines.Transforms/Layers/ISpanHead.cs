using static TorchSharp.torch;

namespace MLPipelines.Layers;

/// <summary>Scores every pair of a first and a last token for every type of span. A component of the kind <c>head</c>.</summary>
/// <remarks>
/// An implementation is also an <see cref="nn.Module{T, TResult}"/> of the same input and result, so that it takes part in a larger model; its nested options are
/// <see cref="ISpanHeadOptions"/>. In eval mode it is safe for concurrent use. It never disposes or changes its input.
/// </remarks>
public interface ISpanHead
{
    /// <summary>The number of entity types E.</summary>
    int EntityTypes { get; }

    /// <summary>The options record that makes a head of the same kind; saved in models.</summary>
    object Settings { get; }

    /// <summary>The device of the parameters.</summary>
    Device Device { get; }

    /// <summary>Scores spans.</summary>
    /// <param name="hidden">[B, T, H].</param>
    /// <returns>Raw logits [B, E, T, T] (first token, last token), fresh. No cell is masked; a span is predicted where the logit is above 0.</returns>
    Tensor forward(Tensor hidden);
}
