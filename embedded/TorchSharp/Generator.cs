using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers of its own.</summary>
    public class Generator : IDisposable
    {
        internal Generator(GeneratorHandle handle, Device device)
        {
            SafeHandle = handle;
            this.device = device;
        }

        public Generator(ulong seed = 0, Device? device = null)
            : this(Create(Native.mlp_generator((int)(device ?? CPU).type, (device ?? CPU).index, seed)), device ?? CPU)
        {
        }

        public static Generator Default => DefaultOf(CPU);

        public Device device { get; private set; }

        internal GeneratorHandle SafeHandle { get; }

        internal static Generator DefaultOf(Device device) => new(Create(Native.mlp_generator_default((int)device.type, device.index)), device);

        public Tensor get_state() => new(Native.Check(Native.mlp_generator_state(SafeHandle)));

        public void set_state(Tensor value) => Native.Check(Native.mlp_generator_set_state(SafeHandle, value.SafeHandle));

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.mlp_generator_set_seed(SafeHandle, (ulong)seed));
            return this;
        }

        public long seed()
        {
            var seed = BitConverter.ToInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(long)));
            manual_seed(seed);
            return seed;
        }

        public long initial_seed() => (long)Native.mlp_generator_seed(SafeHandle);

        public void Dispose()
        {
            Dispose(disposing: true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposing) SafeHandle.Dispose();
        }

        private static GeneratorHandle Create(nint generator) => new(Native.Check(generator));
    }

    public static Generator manual_seed(long seed) => random.manual_seed(seed);

    public static long seed() => random.seed();

    public static long initial_seed() => random.initial_seed();

    public static Tensor get_rng_state() => random.get_rng_state();

    public static void set_rng_state(Tensor new_state) => random.set_rng_state(new_state);

    public static partial class random
    {
        public static long seed()
        {
            using var generator = Generator.Default;
            return generator.seed();
        }

        public static long initial_seed()
        {
            using var generator = Generator.Default;
            return generator.initial_seed();
        }

        public static Generator manual_seed(long seed)
        {
            Native.Check(Native.mlp_manual_seed((ulong)seed));
            return Generator.Default;
        }

        public static Tensor get_rng_state()
        {
            using var generator = Generator.Default;
            return generator.get_state();
        }

        public static void set_rng_state(Tensor new_state)
        {
            using var generator = Generator.Default;
            generator.set_state(new_state);
        }
    }
}
