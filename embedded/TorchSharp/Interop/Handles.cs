using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>
/// One reference to a native tensor. Calls in flight hold a count on it, so that disposing on another thread neither
/// frees twice nor under a running operator; without dispose the finalizer gives the reference back.
/// </summary>
internal sealed class TensorHandle : SafeHandle
{
    private static long live;
    private static long peak;

    internal TensorHandle(nint tensor) : base(0, ownsHandle: true)
    {
        SetHandle(tensor);
        var count = Interlocked.Increment(ref live);
        for (var seen = Volatile.Read(ref peak); count > seen;)
            seen = Interlocked.CompareExchange(ref peak, count, seen) is var found && found == seen ? count : found;
    }

    internal static long Live => Interlocked.Read(ref live);

    internal static long Peak => Interlocked.Read(ref peak);

    public override bool IsInvalid => handle == 0;

    /// <summary>The address, for use between DangerousAddRef and DangerousRelease.</summary>
    internal nint Address => handle;

    protected override bool ReleaseHandle()
    {
        Interlocked.Decrement(ref live);
        Native.mlp_tensor_free(handle);
        return true;
    }
}

/// <summary>One reference to a native random number generator.</summary>
internal sealed class GeneratorHandle : SafeHandle
{
    internal GeneratorHandle(nint generator) : base(0, ownsHandle: true) => SetHandle(generator);

    public override bool IsInvalid => handle == 0;

    internal nint Address => handle;

    protected override bool ReleaseHandle()
    {
        Native.mlp_generator_free(handle);
        return true;
    }
}
