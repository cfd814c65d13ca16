using System.Reflection;

namespace MLPipelines.Host.Tests;

/// <summary>
/// The tests that run the tool inside this process, one after another: the current folder, the loaded plugins and the threads of tensor operations are those of the process. Models that several of
/// them use are trained once.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ToolCollection : ICollectionFixture<TinyModel>, ICollectionFixture<TextModel>
{
    public const string Name = "the tool inside this process";
}

[Collection(ToolCollection.Name)]
public sealed class ToolCollectionTests
{
    [Fact]
    public void Every_test_class_is_in_the_collection_or_only_starts_processes()
    {
        var classes = typeof(ToolCollection).Assembly.GetTypes().Where(type => !type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true))).ToList();
        Assert.True(classes.Count > 20);
        Assert.All(classes, type => Assert.True(
            type.IsDefined(typeof(StartsProcessesAttribute)) != (type.GetCustomAttributesData().SingleOrDefault(data => data.AttributeType == typeof(CollectionAttribute))?.ConstructorArguments[0].Value is ToolCollection.Name),
            $"{type.Name} needs one of [Collection(ToolCollection.Name)] and [StartsProcesses]."));
    }
}
