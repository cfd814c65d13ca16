using System.Runtime.CompilerServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>
/// An operator of libtorch, looked up once by name and overload and called through the dispatcher. Arguments follow the
/// operator's schema; those left out at the end take the schema's defaults.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private nint handle;

    /// <summary>Whether this libtorch has the operator.</summary>
    internal bool Exists => handle != 0 || (handle = Native.mlp_operator($"aten::{name}", overload)) != 0;

    private nint Handle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => handle != 0 ? handle : handle = Native.Check(Native.mlp_operator($"aten::{name}", overload));
    }

    /// <summary>The call of an operator with one tensor as result.</summary>
    internal torch.Tensor T(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Call(arguments, &result, 1);
        return new torch.Tensor(result.Payload);
    }

    /// <summary>The call of an operator that changes its first argument, a tensor, which is returned.</summary>
    internal torch.Tensor On(params ReadOnlySpan<Arg> arguments)
    {
        Call(arguments, null, 0);
        return (torch.Tensor)arguments[0].Reference!;
    }

    internal (torch.Tensor, torch.Tensor) T2(params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Value[2];
        Call(arguments, results, 2);
        return (new torch.Tensor(results[0].Payload), new torch.Tensor(results[1].Payload));
    }

    internal (torch.Tensor, torch.Tensor, torch.Tensor) T3(params ReadOnlySpan<Arg> arguments)
    {
        var results = stackalloc Value[3];
        Call(arguments, results, 3);
        return (new torch.Tensor(results[0].Payload), new torch.Tensor(results[1].Payload), new torch.Tensor(results[2].Payload));
    }

    internal torch.Tensor[] List(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Call(arguments, &result, 1);
        var tensors = new torch.Tensor[result.Count];
        for (var i = 0; i < tensors.Length; i++) tensors[i] = new torch.Tensor(((nint*)result.Payload)[i]);
        Native.mlp_free((void*)result.Payload);
        return tensors;
    }

    internal bool Bool(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Call(arguments, &result, 1);
        return result.Payload != 0;
    }

    /// <summary>The call of an operator whose result is a number.</summary>
    internal Value Number(params ReadOnlySpan<Arg> arguments)
    {
        Value result;
        Call(arguments, &result, 1);
        return result;
    }

    private void Call(ReadOnlySpan<Arg> arguments, Value* results, int capacity)
    {
        var size = 0;
        foreach (ref readonly var argument in arguments) size += ScratchSize(argument);
        // Lists and texts are copied beside the values: shapes are short, so this is cheaper than pinning them.
        var scratch = size <= 64 ? stackalloc long[size] : new long[size];
        var values = stackalloc Value[arguments.Length];
        var held = 0;
        fixed (long* memory = scratch)
        {
            try
            {
                var free = memory;
                for (; held < arguments.Length; held++) values[held] = Marshal(arguments[held], ref free);
                Native.Check(Native.mlp_call(Handle, values, held, results, capacity));
            }
            finally
            {
                for (var i = 0; i < held; i++) Release(arguments[i]);
            }
        }
    }

    private static int ScratchSize(in Arg argument) => argument.Tag switch
    {
        ValueTag.IntList or ValueTag.DoubleList or ValueTag.TensorList or ValueTag.OptionalTensorList => argument.Count,
        ValueTag.Complex => 2,
        ValueTag.String => Encoding.UTF8.GetMaxByteCount(((string)argument.Reference!).Length) / sizeof(long) + 1,
        _ => 0,
    };

    private static Value Marshal(in Arg argument, ref long* free)
    {
        var value = new Value { Tag = argument.Tag, Count = argument.Count, Payload = (nint)argument.Bits };
        switch (argument.Tag)
        {
            case ValueTag.Tensor:
                value.Payload = ((torch.Tensor)argument.Reference!).Hold();
                break;
            case ValueTag.Generator:
                var generator = ((torch.Generator)argument.Reference!).SafeHandle;
                var added = false;
                generator.DangerousAddRef(ref added);
                value.Payload = generator.Address;
                break;
            case ValueTag.IntList:
                ((long[])argument.Reference!).CopyTo(new Span<long>(free, argument.Count));
                value.Payload = Take(ref free, argument.Count);
                break;
            case ValueTag.DoubleList:
                ((double[])argument.Reference!).CopyTo(new Span<double>(free, argument.Count));
                value.Payload = Take(ref free, argument.Count);
                break;
            case ValueTag.Complex:
                ((double[])argument.Reference!).CopyTo(new Span<double>(free, 2));
                value.Payload = Take(ref free, 2);
                break;
            case ValueTag.String:
                var text = (string)argument.Reference!;
                var room = ScratchSize(argument);
                value.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(free, room * sizeof(long)));
                value.Payload = Take(ref free, room);
                break;
            case ValueTag.TensorList or ValueTag.OptionalTensorList:
                var tensors = (torch.Tensor?[])argument.Reference!;
                var handles = (nint*)Take(ref free, tensors.Length);
                var done = 0;
                try
                {
                    for (; done < tensors.Length; done++) handles[done] = tensors[done] is { } tensor ? tensor.Hold() : 0;
                }
                catch
                {
                    while (done-- > 0) tensors[done]?.Release();
                    throw;
                }
                value.Payload = (nint)handles;
                break;
        }
        return value;
    }

    private static void Release(in Arg argument)
    {
        switch (argument.Tag)
        {
            case ValueTag.Tensor:
                ((torch.Tensor)argument.Reference!).Release();
                break;
            case ValueTag.Generator:
                ((torch.Generator)argument.Reference!).SafeHandle.DangerousRelease();
                break;
            case ValueTag.TensorList or ValueTag.OptionalTensorList:
                foreach (var tensor in (torch.Tensor?[])argument.Reference!) tensor?.Release();
                break;
        }
    }

    private static nint Take(ref long* free, int count)
    {
        var start = (nint)free;
        free += count;
        return start;
    }
}
