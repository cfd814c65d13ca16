using TorchSharp;

namespace MLPipelines.Testing;

/// <summary>Everything in TorchSharp that belongs to the process or the thread, and not to a component.</summary>
sealed record TorchState
{
    readonly byte[] _random;
    readonly string _rest;

    TorchState(byte[] random, string rest) => (_random, _rest) = (random, rest);

    public static TorchState Capture()
    {
        using var state = torch.random.get_rng_state();
        return new([.. state.bytes], string.Join(", ",
            $"default dtype {torch.get_default_dtype()}", $"default device {torch.get_default_device()}", $"gradients {torch.is_grad_enabled()}",
            $"inference mode {torch.is_inference_mode_enabled()}", $"threads {torch.get_num_threads()}"));
    }

    public void RequireUnchanged(string by)
    {
        var now = Capture();
        Require.Equal(_rest, now._rest, $"{by} changed global state");
        Require.That(_random.AsSpan().SequenceEqual(now._random), $"{by} drew from, or seeded, the global random generator");
    }
}
