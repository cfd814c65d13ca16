using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit;

namespace MLPipelines.Architecture.Tests;

/// <summary>Nothing global, nothing that runs when nobody called it.</summary>
public sealed class StateTests
{
    [Theory]
    [InlineData(Product.Core)]
    [InlineData(Product.Transforms)]
    [InlineData(Product.Trainers)]
    public void Static_fields_are_read_only(string assembly)
        => Assert.Empty(Types(assembly).SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => !field.IsLiteral && !field.IsInitOnly && !field.IsDefined(typeof(CompilerGeneratedAttribute)) && !field.IsDefined(typeof(ThreadStaticAttribute)))
            .Select(field => $"{field.DeclaringType!.FullName}.{field.Name}"));

    [Theory]
    [InlineData(Product.Core)]
    [InlineData(Product.Transforms)]
    [InlineData(Product.Trainers)]
    public void Nothing_has_a_finalizer(string assembly)
        => Assert.Empty(Types(assembly).Where(type => type.GetMethod("Finalize", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is not null).Select(type => type.FullName));

    [Theory]
    [InlineData(Product.Core)]
    [InlineData(Product.Transforms)]
    [InlineData(Product.Trainers)]
    public void Public_classes_are_sealed_static_or_meant_as_a_base(string assembly)
        => Assert.Empty(Types(assembly).Where(type => type is { IsPublic: true, IsClass: true, IsSealed: false, IsAbstract: false }).Select(type => type.FullName));

    static IEnumerable<Type> Types(string assembly) => Product.Load(assembly).GetTypes().Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)) && !type.FullName!.Contains('<', StringComparison.Ordinal));
}
