using ApiCompare;
using MLPipelines.Testing;
using Xunit;

namespace MLPipelines.Architecture.Tests;

/// <summary>The public API of each package is a reviewed file. To accept a change: <c>APPROVE_PUBLIC_API=1 dotnet test tests/MLPipelines.Architecture.Tests</c>.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(Product.Core)]
    [InlineData(Product.Transforms)]
    [InlineData(Product.Trainers)]
    [InlineData("MLPipelines.Testing")]
    public void Public_API_is_the_approved_one(string name)
    {
        var ours = Product.Libraries.Append("MLPipelines.Testing").Select(Product.Read).ToList();
        var actual = ApiListing.Of(ours.Single(assembly => assembly.Name.Name == name), ours);
        var file = RepositoryFiles.Path("tests", "MLPipelines.Architecture.Tests", "PublicApi", name + ".approved.txt");
        if (Environment.GetEnvironmentVariable("APPROVE_PUBLIC_API") == "1") File.WriteAllText(file, actual);

        var (approved, now) = (File.Exists(file) ? File.ReadAllLines(file) : [], actual.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var changes = now.Except(approved).Select(line => "+ " + line).Concat(approved.Except(now).Select(line => "- " + line)).ToList();
        Assert.True(approved.SequenceEqual(now), $"the public API of {name} is not the approved one:\n{string.Join("\n", changes)}\nAccept it with APPROVE_PUBLIC_API=1 dotnet test tests/MLPipelines.Architecture.Tests, and commit {file}.");
    }
}
