using System.Collections.Concurrent;

namespace Microsoft.ML.Runtime;

/// <summary>
/// The environment of a process, or of one component in it. All of them share listeners and the component catalog; each has a
/// random generator of its own, seeded from its parent's.
/// </summary>
internal abstract partial class HostEnvironmentBase<TEnv> : ChannelProviderBase, IHostEnvironmentInternal, ICancelable
    where TEnv : HostEnvironmentBase<TEnv>
{
    protected readonly TEnv Root;
    protected readonly HostEnvironmentBase<TEnv> Master;

    private readonly ConcurrentDictionary<Type, Dispatcher> _dispatchers;
    private readonly Random _rand;
    private readonly Lock _lock = new();
    private readonly List<WeakReference<HostEnvironmentBase<TEnv>>> _children = [];
    private readonly Dictionary<string, object> _options = [];

    protected HostEnvironmentBase(int? seed, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        Seed = seed;
        Root = (TEnv)this;
        ComponentCatalog = new();
        _rand = RandomUtils.Create(seed);
        _dispatchers = [];
    }

    protected HostEnvironmentBase(HostEnvironmentBase<TEnv> source, Random rand, bool verbose, string shortName = null, string parentFullName = null)
        : base(shortName, parentFullName, verbose)
    {
        Contracts.CheckValue(source, nameof(source));
        Seed = source.Seed;
        Root = source.Root;
        Master = source;
        ComponentCatalog = source.ComponentCatalog;
        TempFilePath = source.TempFilePath;
        GpuDeviceId = source.GpuDeviceId;
        FallbackToCpu = source.FallbackToCpu;
        _rand = rand ?? RandomUtils.Create();
        _dispatchers = source._dispatchers;
    }

    public ComponentCatalog ComponentCatalog { get; }

    public int? Seed { get; }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; } = true;

    public int? GpuDeviceId { get; set; }

    public bool IsCanceled { get; protected set; }

    public override int Depth => 0;

    public override string ContextDescription => "HostEnvironment";

    public override TException Process<TException>(TException ex) => Describe(ex, "Environment", null);

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            var rand = seed is { } value ? RandomUtils.Create(value) : RandomUtils.Create(_rand);
            var host = RegisterCore(this, name, Master?.FullName, rand, verbose ?? Verbose);
            if (host is HostEnvironmentBase<TEnv> child && !IsCanceled)
            {
                _children.RemoveAll(reference => !reference.TryGetTarget(out _));
                _children.Add(new(child));
            }
            return host;
        }
    }

    public IChannel Start(string name) => CreateCommChannel(this, Contracts.CheckNonEmpty(name, nameof(name)));

    public IPipe<TMessage> StartPipe<TMessage>(string name) => CreatePipe<TMessage>(this, Contracts.CheckNonEmpty(name, nameof(name)));

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(this);
    }

    public void AddListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        GetDispatcher<TMessage>().Add(listenerFunc);
    }

    public void RemoveListener<TMessage>(Action<IMessageSource, TMessage> listenerFunc)
    {
        Contracts.CheckValue(listenerFunc, nameof(listenerFunc));
        GetDispatcher<TMessage>().Remove(listenerFunc);
    }

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(CheckOptionName(name), value);

    public void SetOption<T>(string name, T value) => _options[CheckOptionName(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        var found = _options.TryGetValue(CheckOptionName(name), out var stored) && stored is T;
        value = found ? (T)stored : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name)
    {
        if (_options.TryAdd(CheckOptionName(name), default(T)))
        {
            return default;
        }
        return (T)_options[name];
    }

    public bool RemoveOption(string name) => _options.Remove(CheckOptionName(name));

    void ICancelable.CancelExecution()
    {
        lock (_lock)
        {
            foreach (var reference in _children)
            {
                if (reference.TryGetTarget(out var child))
                {
                    ((ICancelable)child).CancelExecution();
                }
            }
            _children.Clear();
            IsCanceled = true;
        }
    }

    protected abstract IHost RegisterCore(HostEnvironmentBase<TEnv> source, string shortName, string parentFullName, Random rand, bool verbose);

    protected abstract IChannel CreateCommChannel(ChannelProviderBase parent, string name);

    protected abstract IPipe<TMessage> CreatePipe<TMessage>(ChannelProviderBase parent, string name);

    protected Action<IMessageSource, TMessage> GetDispatchDelegate<TMessage>() => GetDispatcher<TMessage>().Dispatch;

    private Dispatcher<TMessage> GetDispatcher<TMessage>() => (Dispatcher<TMessage>)_dispatchers.GetOrAdd(typeof(TMessage), _ => new Dispatcher<TMessage>());

    private static string CheckOptionName(string name) =>
        string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;

    /// <summary>The environment of one component.</summary>
    public abstract class HostBase(HostEnvironmentBase<TEnv> source, string shortName, string parentFullName, Random rand, bool verbose)
        : HostEnvironmentBase<TEnv>(source, rand, verbose, shortName, parentFullName), IHost
    {
        public override int Depth { get; } = source.Depth + 1;

        public override string ContextDescription => FullName;

        public Random Rand => _rand;

        public override TException Process<TException>(TException ex) => Describe(ex, ShortName, ParentFullName);
    }

    private abstract class Dispatcher;

    /// <summary>Hands messages of one type to whoever listens.</summary>
    private sealed class Dispatcher<TMessage> : Dispatcher
    {
        private readonly Lock _lock = new();
        private volatile Action<IMessageSource, TMessage> _listeners;

        public void Dispatch(IMessageSource sender, TMessage message) => _listeners?.Invoke(sender, message);

        public void Add(Action<IMessageSource, TMessage> listener)
        {
            lock (_lock)
            {
                _listeners += listener;
            }
        }

        public void Remove(Action<IMessageSource, TMessage> listener)
        {
            lock (_lock)
            {
                _listeners -= listener;
            }
        }
    }
}
