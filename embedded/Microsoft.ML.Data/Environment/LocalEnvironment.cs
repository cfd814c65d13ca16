using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment behind <see cref="MLContext"/>: no console, messages go to listeners only.</summary>
internal sealed class LocalEnvironment : HostEnvironment
{
    private readonly ConcurrentDictionary<Type, Delegate> _listeners = new();

    public LocalEnvironment(int? seed = null)
        : base(null, null, RandomUtils.Create(seed)) => Seed = seed;

    public override int? Seed { get; }

    public override string ContextDescription => "HostEnvironment";

    public override ComponentCatalog ComponentCatalog { get; } = new();

    protected override LocalEnvironment Root => this;

    protected override string ThrowingComponent => "Environment";

    public void AddListener<TMessage>(Action<IMessageSource, TMessage> listener)
    {
        Contracts.CheckValue(listener, nameof(listener));
        _listeners.AddOrUpdate(typeof(TMessage), listener, (_, known) => Delegate.Combine(known, listener));
    }

    public void Dispatch<TMessage>(IMessageSource source, TMessage message)
    {
        if (_listeners.TryGetValue(typeof(TMessage), out var listeners))
            ((Action<IMessageSource, TMessage>)listeners)(source, message);
    }
}
