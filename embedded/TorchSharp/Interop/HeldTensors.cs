namespace TorchSharp.Interop;

/// <summary>The addresses of a list of tensors, kept alive until disposed.</summary>
internal sealed class HeldTensors : IDisposable
{
    private readonly torch.Tensor[] tensors;
    private int held;

    internal HeldTensors(IEnumerable<torch.Tensor>? tensors)
    {
        this.tensors = tensors is null ? [] : [.. tensors];
        Addresses = new nint[this.tensors.Length];
        try
        {
            for (; held < this.tensors.Length; held++) Addresses[held] = this.tensors[held].Hold();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal nint[] Addresses { get; }

    public void Dispose()
    {
        while (held > 0) tensors[--held].Release();
    }
}
