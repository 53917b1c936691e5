//! Making a node only where there is none of its name.

use cloudmesh_abstract::{ComputeNodeABC, Error, ErrorKind, Node, NodeSpec, Result};

use crate::Provider;

impl Provider {
    /// The node of the specification's name as it is, or a new one where there is none. It is not found out whether
    /// what exists fits the specification.
    ///
    /// ```no_run
    /// use cloudmesh_compute::{Provider, Wishes};
    ///
    /// # async fn example() -> cloudmesh_compute::Result<()> {
    /// let cloud = Provider::new("mycloud")?;
    /// let node = cloud.create_if_not_exists(&Wishes::default().spec(&cloud, "web-1")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`find`](ComputeNodeABC::find) and [`create`](ComputeNodeABC::create), and [`ErrorKind::Ambiguous`]
    /// when there are several of that name.
    pub async fn create_if_not_exists(&self, spec: &NodeSpec) -> Result<Node> {
        let mut found = self.find(&spec.name).await?;
        match (found.pop(), found.len()) {
            (None, _) => self.create(spec).await,
            (Some(node), 0) => Ok(node),
            (Some(_), more) => {
                let message = format!("there are {} nodes called `{}`; rename all but one", more + 1, spec.name);
                Err(Error::new(ErrorKind::Ambiguous, message).in_cloud(self.name()))
            }
        }
    }
}
