namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread, with its counts.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? threadSingleton;

    internal static DisposeScopeManager ThreadSingleton => threadSingleton ??= new();

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal DisposeScope? RegisterOnCurrentDisposeScope(torch.Tensor tensor)
    {
        if (CurrentDisposeScope is not { } scope)
        {
            StatisticsInstance.CreatedOutsideScopeCount++;
            return null;
        }
        StatisticsInstance.CreatedInScopeCount++;
        scope.Disposables.Add(tensor);
        return scope;
    }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    /// <summary>Scopes may be closed in any order: the ones inside a closed scope then belong to the one around it.</summary>
    internal void RemoveDisposeScope(DisposeScope closed)
    {
        if (CurrentDisposeScope == closed)
        {
            CurrentDisposeScope = closed.OuterScope;
            return;
        }
        for (var scope = CurrentDisposeScope; scope is not null; scope = scope.OuterScope)
        {
            if (scope.OuterScope != closed) continue;
            scope.OuterScope = closed.OuterScope;
            return;
        }
    }
}
