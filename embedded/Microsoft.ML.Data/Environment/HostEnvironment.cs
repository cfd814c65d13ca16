using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What the environment and the hosts registered in it have in common.</summary>
internal abstract class HostEnvironment : IHostEnvironmentInternal, ICancelable
{
    // A host registered by a host is named after its grandparent, as in ML.NET.
    private readonly string _parentName;
    private readonly Lock _lock = new();
    private readonly List<WeakReference<HostEnvironment>> _children = [];
    private readonly ConcurrentDictionary<string, object> _options = new();

    protected HostEnvironment(string shortName, string parentName, Random rand)
    {
        ShortName = shortName;
        _parentName = parentName;
        FullName = string.IsNullOrEmpty(parentName) ? shortName : $"{parentName}; {shortName}";
        Rand = rand;
    }

    public string ShortName { get; }

    public string FullName { get; }

    public Random Rand { get; }

    public abstract int? Seed { get; }

    public abstract ComponentCatalog ComponentCatalog { get; }

    public virtual string ContextDescription => FullName;

    public string TempFilePath { get; set; } = Path.GetTempPath();

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public bool IsCanceled { get; protected set; }

    protected abstract LocalEnvironment Root { get; }

    protected virtual string NameForChildren => null;

    protected virtual string ThrowingComponent => ShortName;

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            var host = new LocalHost(Root, this, name, NameForChildren, seed.HasValue ? RandomUtils.Create(seed.Value) : RandomUtils.Create(Rand))
            {
                TempFilePath = TempFilePath,
                FallbackToCpu = FallbackToCpu,
                GpuDeviceId = GpuDeviceId
            };
            _children.RemoveAll(child => !child.TryGetTarget(out _));
            if (!IsCanceled)
                _children.Add(new WeakReference<HostEnvironment>(host));
            return host;
        }
    }

    public void CancelExecution()
    {
        lock (_lock)
        {
            IsCanceled = true;
            foreach (var child in _children)
            {
                if (child.TryGetTarget(out var host))
                    host.CancelExecution();
            }
            _children.Clear();
        }
    }

    public IChannel Start(string name) => new LocalChannel(Root, this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) => new LocalPipe<TMessage>(Root, this, name);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel(this);
    }

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        if (ex is null)
            return null;
        ex.Data["Throwing component"] = ThrowingComponent;
        if (_parentName is not null)
            ex.Data["Parent component"] = _parentName;
        return Contracts.Mark(ex);
    }

    public bool TryAddOption<T>(string name, T value) => _options.TryAdd(OptionName(name), value);

    public void SetOption<T>(string name, T value) => _options[OptionName(name)] = value;

    public bool TryGetOption<T>(string name, out T value)
    {
        bool found = _options.TryGetValue(OptionName(name), out var known) && known is T;
        value = found ? (T)known : default;
        return found;
    }

    public T GetOptionOrDefault<T>(string name) => (T)_options.GetOrAdd(OptionName(name), _ => default(T));

    public bool RemoveOption(string name) => _options.TryRemove(OptionName(name), out _);

    private static string OptionName(string name) => string.IsNullOrWhiteSpace(name) ? throw new ArgumentNullException(nameof(name)) : name;
}
