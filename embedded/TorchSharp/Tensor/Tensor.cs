using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle to a tensor of libtorch, owned by the dispose scope in which it was created, if any.</summary>
    public partial class Tensor : IDisposable
    {
        private readonly TensorHandle handle;

        /// <summary>Takes over one reference to a native tensor; 0 stands for the undefined tensor.</summary>
        internal Tensor(nint tensor)
        {
            handle = tensor == 0 ? Undefined : new TensorHandle(tensor);
            OwningDisposeScope = DisposeScopeManager.ThreadSingleton.RegisterOnCurrentDisposeScope(this);
        }

        private static TensorHandle Undefined { get; } = CreateUndefined();

        private static TensorHandle CreateUndefined()
        {
            var undefined = new TensorHandle(0);
            undefined.SetHandleAsInvalid();
            return undefined;
        }

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>The native reference; throws for a tensor that was disposed.</summary>
        internal TensorHandle SafeHandle => IsInvalid ? throw Invalid() : handle;

        public static long TotalCount => TensorHandle.Live;

        public static long PeakCount => TensorHandle.Peak;

        public string? name { get; set; }

        public bool IsInvalid => handle.IsClosed || handle.IsInvalid;

        public override bool Equals(object? obj) => obj is Tensor other && Equals(other);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString() => IsInvalid ? "" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (!disposing) return;
            OwningDisposeScope?.MarkAsDisposed(this);
            handle.Dispose();
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is { } owner) owner.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        /// <summary>Keeps the native tensor alive for a call in flight and gives its address; to be undone by <see cref="Release"/>.</summary>
        internal nint Hold()
        {
            var added = false;
            SafeHandle.DangerousAddRef(ref added);
            return handle.Address;
        }

        internal void Release() => handle.DangerousRelease();

        /// <summary>One more reference to the same native tensor, for a new owner.</summary>
        internal nint NewReference() => Native.Check(Native.mlp_tensor_alias(SafeHandle));

        public Tensor alias() => new(NewReference());

        private static InvalidOperationException Invalid() => new("Tensor invalid -- empty handle.");
    }
}
