using System.Text.RegularExpressions;
using Xunit;

namespace MLPipelines.Architecture.Tests;

/// <summary>What source files look like.</summary>
public sealed partial class SourceTests
{
    [Fact]
    public void Files_are_short() => NoFile(["src", "tests", "samples"], file => File.ReadLines(Testing.RepositoryFiles.Path(file)).Count() > 400, "has more than 400 lines");

    [Fact]
    public void Namespaces_are_file_scoped() => NoFile(["src", "tests", "samples"], file => BlockNamespace().IsMatch(Product.Text(file)), "has a block namespace");

    [Fact]
    public void One_source_serves_both_runtimes() => NoFile(["src", "tests", "samples"], file => Conditional().IsMatch(Product.Text(file)), "has conditional compilation");

    [Fact]
    public void Nothing_is_left_to_do() => NoFile(["src", "samples"], file => Unfinished().IsMatch(Product.Text(file)), "is not finished");

    [Fact]
    public void Public_types_have_files_of_their_own()
        => NoFile(["src"], file => PublicType().Count(Product.Text(file)) > 1, "declares more than one public type at its top level");

    [Fact]
    public void File_is_named_after_its_public_type()
        => NoFile(["src"], file => PublicType().Match(Product.Text(file)) is { Success: true } type && Path.GetFileName(file).Split('.')[0] != type.Groups["name"].Value, "is not named after its public type");

    [Fact]
    public void A_code_stands_for_one_message()
    {
        var codes = Product.Sources("src").SelectMany(file => MessageCode().Matches(Product.Text(file)).Select(match => (Code: match.Groups["code"].Value, File: file))).ToList();

        Assert.True(codes.Count > 80, $"{codes.Count} codes");
        Assert.Empty(codes.GroupBy(use => use.Code).Where(uses => uses.Count() > 1).Select(uses => $"{uses.Key} in {string.Join(", ", uses.Select(use => use.File))}"));
    }

    [Fact]
    public void Projects_know_nothing_of_the_package_switch()
    {
        var projects = new[] { "src", "tests", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Testing.RepositoryFiles.Path(folder), "*.csproj", SearchOption.AllDirectories)).ToList();

        Assert.True(projects.Count >= 10);
        Assert.DoesNotContain(projects, project => PackageSwitch().IsMatch(File.ReadAllText(project)));
    }

    [Fact]
    public void Versions_are_stated_once()
        => Assert.DoesNotContain(
            new[] { "src", "tests", "samples" }.SelectMany(folder => Directory.EnumerateFiles(Testing.RepositoryFiles.Path(folder), "*.csproj", SearchOption.AllDirectories)),
            project => OwnVersion().IsMatch(File.ReadAllText(project)));

    static void NoFile(string[] folders, Func<string, bool> breaks, string how)
    {
        var offenders = Product.Sources(folders).Where(breaks).ToList();
        Assert.True(offenders.Count == 0, string.Join("\n", offenders.Select(file => $"{file} {how}")));
    }

    [GeneratedRegex(@"^namespace [\w.]+\s*(\r?\n)?\{", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();

    [GeneratedRegex(@"^\s*#(if|elif|else)\b", RegexOptions.Multiline)]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"^public (?:(?:sealed|static|abstract|partial|readonly|unsafe) )*(?:class|record struct|record|struct|interface|enum|delegate [\w<>?\[\], ]+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"\bText\(\s*""(?<code>MLP\d{3})""")]
    private static partial Regex MessageCode();

    [GeneratedRegex(@"MLPackages|embedded/|IsEmbeddedRuntime")]
    private static partial Regex PackageSwitch();

    [GeneratedRegex(@"<PackageReference[^>]*\bVersion=")]
    private static partial Regex OwnVersion();
}
