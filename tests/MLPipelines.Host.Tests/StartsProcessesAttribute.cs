namespace MLPipelines.Host.Tests;

/// <summary>
/// On a class whose tests only start programs and look at what they leave: it runs beside others of its kind and beside the tests inside this process. All others have <see cref="ToolCollection"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StartsProcessesAttribute : Attribute;
